namespace ServeBench.Measurement.Comparisons;

/// <summary>What became of a stack between two runs.</summary>
public enum ChangeVerdict
{
    /// <summary>The whole interval lies more than 5 % below.</summary>
    Regression,

    /// <summary>The whole interval lies more than 5 % above.</summary>
    Improvement,

    /// <summary>The whole interval lies within 5 %.</summary>
    Unchanged,

    /// <summary>None of these: more trials are needed.</summary>
    Undecided,

    /// <summary>One of the runs has nothing to compare.</summary>
    NotCompared,
}
