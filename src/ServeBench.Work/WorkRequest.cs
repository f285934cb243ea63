using System.Text.Json.Nodes;

namespace ServeBench.Work;

/// <summary>One request before any protocol has put it into bytes; each kind of work has a record of its own.</summary>
public abstract record WorkRequest
{
    /// <summary>Items in it.</summary>
    public abstract int Items { get; }

    /// <summary>Equal for requests that ask for the same: a server that has answered one could answer the other from a cache.</summary>
    public abstract string Identity { get; }

    /// <summary>About how much is sent: bytes or characters, alike for all requests of a kind.</summary>
    public abstract int Size { get; }

    /// <summary>Tokens of its inputs as the model has them; null where nobody asks.</summary>
    public int? LengthInTokens { get; init; }

    /// <summary>
    /// JSON values by the names that a protocol's templates use, besides <c>model</c>: all of <see cref="WorkKind.Variables"/>
    /// that make sense for it.
    /// </summary>
    public abstract IReadOnlyDictionary<string, JsonNode> Values { get; }
}

/// <summary>The distinct requests of one workload for one model.</summary>
/// <param name="Requests">In the order in which they are sent.</param>
/// <param name="Mix">After how many requests in a row the mix of the workload is complete; 1 when all are alike.</param>
public sealed record DrawnRequests(IReadOnlyList<WorkRequest> Requests, int Mix);
