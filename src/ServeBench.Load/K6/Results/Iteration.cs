namespace ServeBench.Load.K6.Results;

/// <summary>One iteration of a generated script, put together from its rows. Times are Unix nanoseconds.</summary>
internal sealed class Iteration(int number)
{
    /// <summary>Its number in its scenario, over all runners.</summary>
    public int Number { get; } = number;

    /// <summary>The virtual user that ran it; -1 when that is not known.</summary>
    public int User { get; set; } = -1;

    /// <summary>When it ended; 0 while that is not known: k6 cut it off.</summary>
    public long End { get; set; }

    /// <summary>When it began.</summary>
    public long Start { get; set; }

    /// <summary>False when it threw.</summary>
    public bool Finished { get; set; }

    /// <summary>When its request had been answered or had failed; 0 when none was made.</summary>
    public long RequestEnd { get; set; }

    /// <summary>From the first byte sent to the last received, nanoseconds.</summary>
    public long RequestDuration { get; set; }

    /// <summary>The part of it after the first byte received, nanoseconds.</summary>
    public long Receiving { get; set; }

    public string Status { get; set; } = "";

    /// <summary>k6's error code; 0 when there was no error.</summary>
    public int ErrorCode { get; set; }

    public bool CheckFailed { get; set; }

    /// <summary>The outcome that the stack's rules give it, as the script found; empty where its status says it.</summary>
    public string Meaning { get; set; } = "";

    /// <summary>Bytes of the answer's body as its head declares them; null when it does not.</summary>
    public int? BodyBytes { get; set; }

    /// <summary>Bytes received during the iteration, heads included.</summary>
    public int ReceivedBytes { get; set; }
}
