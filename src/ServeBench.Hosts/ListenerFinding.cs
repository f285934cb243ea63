namespace ServeBench.Hosts;

/// <summary>Who answers where a deployment is to answer.</summary>
/// <param name="State">What was found.</param>
/// <param name="Intruder">The process in the way, as a sentence; null unless the state is <see cref="ListenerState.Foreign"/>.</param>
public sealed record ListenerFinding(ListenerState State, string? Intruder = null)
{
    /// <summary>The host does not know: what is asked arrives where it published the port.</summary>
    public static ListenerFinding Unknown { get; } = new(ListenerState.Unknown);
}

/// <summary>What was found where a deployment is to answer.</summary>
public enum ListenerState
{
    /// <summary>It is not known here.</summary>
    Unknown,

    /// <summary>Nobody listens there.</summary>
    Nobody,

    /// <summary>Only processes of the deployment listen there.</summary>
    Own,

    /// <summary>A process that is not of the deployment listens there.</summary>
    Foreign,
}
