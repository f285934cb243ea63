using ServeBench.Domain.Faults;
using ServeBench.Runs.Importing.Readers;

namespace ServeBench.Runs.Importing;

/// <summary>Every format that is known. No file is of two.</summary>
internal static class ImportReaders
{
    public static IReadOnlyList<IImportReader> All { get; } =
    [
        new K6CsvReader(), new K6PointsReader(), new K6SummaryReader(),
        new LocustStatisticsReader(), new LocustHistoryReader(), new LocustFailuresReader(),
        new HeyCsvReader(), new HeyTextReader(), new AbGnuplotReader(), new AbPercentilesReader(), new AbTextReader(), new WrkReader(),
        new VegetaResultsReader(), new VegetaReportReader(), new VegetaTextReader(), new OhaSummaryReader(), new OhaCsvReader(),
        new VllmReader(), new GuideLlmReader(), new AiPerfSummaryReader(), new AiPerfRecordsReader(),
    ];

    /// <exception cref="FaultException">when the file is of none of the formats.</exception>
    public static IImportReader Of(ImportFile file) => All.FirstOrDefault(r => r.Recognises(file)) ?? throw new FaultException(new Fault(
        "--from", null, null,
        file.FirstLine.Length == 0
            ? $"{file.Path} is empty"
            : $"{file.Path} is of no format that is known here: it begins with '{Redaction.Quote(file.FirstLine)}'",
        $"Known are: {string.Join("; ", All.Select(r => r.Made))}"));
}
