using ServeBench.Domain.Trials;

namespace ServeBench.Reports.Content;

/// <summary>What a stack does with the neighbours of a bad item, in words; the same in the report and on the terminal.</summary>
public static class IsolationWords
{
    /// <summary>What was sent, and what of it was refused.</summary>
    public static string Item(IsolationRecord isolation) => isolation switch
    {
        { BadItem: { } bad, Accepted: [] } => bad,
        { BadItem: { } bad } => $"{bad}; answered {Words.List(isolation.Accepted)} as if it were good",
        _ => $"none refused: answered {Words.List(isolation.Accepted)} as if they were good",
    };

    /// <summary>Of requests that were on their way together.</summary>
    public static string Together(IsolationRecord isolation) => Of(isolation, isolation.Together, "the whole batch", "not known");

    /// <summary>Of the items of one request.</summary>
    public static string InOneRequest(IsolationRecord isolation) =>
        Of(isolation, isolation.InOneRequest, "the whole request", isolation.BadItem is null ? "not known" : "one item a request");

    private static string Of(IsolationRecord isolation, NeighbourCount? count, string whole, string otherwise)
    {
        if (count is null) return otherwise;
        var words = count.All ? "neighbours answered"
            : count.Answered == 0 ? $"{whole} fails"
            : $"{count.Asked - count.Answered} of {count.Asked} neighbours fail";
        return isolation.StillAnswers ? words : $"{words}; did not answer any more afterwards";
    }
}
