using ServeBench.Load.K6.Results;

namespace ServeBench.Runs.Importing.Readers;

/// <summary><c>k6 run --out csv=FILE</c>, of every version: columns differ.</summary>
internal sealed class K6CsvReader : IImportReader
{
    public string Source => "k6, raw CSV";

    public string Made => "k6 run --out csv=FILE";

    public bool Recognises(ImportFile file) => ImportTable.IsHeading(file, "metric_name", "timestamp", "metric_value");

    public ImportedContent Read(ImportFile file) => K6Rows.Of(K6Csv.Read(file.Path));
}
