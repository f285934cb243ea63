using ServeBench.Domain.Trials;

namespace ServeBench.Runs.Importing;

/// <summary>What one file holds: either requests one by one, or what the tool has summed up itself.</summary>
internal abstract class ImportedContent
{
    /// <summary>Sentences without a full stop that concern all of it.</summary>
    public List<string> Remarks { get; } = [];

    /// <summary>Figures that the file does not report it, and why.</summary>
    public List<NotMeasured> NotMeasured { get; } = [];

    public void Lacks(string figure, string why) => NotMeasured.Add(new NotMeasured(figure, why));
}

/// <summary>How the figures of an import are called.</summary>
internal static class Figures
{
    public const string Requests = "requests";
    public const string Failures = "failures";
    public const string Rate = "requests per second";
    public const string Latency = "latency";
    public const string Kinds = "kinds of failures";
}
