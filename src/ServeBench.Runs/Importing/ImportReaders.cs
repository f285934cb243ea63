using ServeBench.Domain;
using ServeBench.Domain.Faults;

namespace ServeBench.Runs.Importing;

/// <summary>Every format that is known. No file is of two.</summary>
internal static class ImportReaders
{
    public static IReadOnlyList<IImportReader> All { get; } = Plugins.Of<IImportReader>(r => r.GetType().Name);

    /// <exception cref="FaultException">when the file is of none of the formats.</exception>
    public static IImportReader Of(ImportFile file) => All.FirstOrDefault(r => r.Recognises(file)) ?? throw Unknown(file);

    private static FaultException Unknown(ImportFile file)
    {
        if (ForeignForms.Of(file) is var (what, remedy))
            return new FaultException(new Fault("--from", null, null, $"{file.Path} {what}", remedy));
        var problem = file.FirstLine.Length == 0
            ? $"{file.Path} is empty"
            : $"{file.Path} is of no format that is known here: it begins with '{Redaction.Quote(file.FirstLine)}'";
        return new FaultException(new Fault("--from", null, null, problem, $"Known are: {string.Join("; ", All.Select(r => r.Made))}"));
    }
}
