namespace ServeBench.Domain.Progress;

/// <summary>
/// Hears what a long operation is doing, so that the terminal can show live progress; libraries say it here and know nothing
/// of terminals. Calls may come from any thread.
/// </summary>
public interface IRunObserver
{
    /// <summary>A step begins.</summary>
    /// <param name="step">What is being done, for people: <c>Loading onnxruntime-dotnet, trial 2 of 3</c>.</param>
    /// <param name="expected">How long it will probably take, when known.</param>
    /// <returns>Ends the step when disposed.</returns>
    IStep Begin(string step, TimeSpan? expected = null);

    /// <summary>One line that stays: something finished, was reused, or was decided.</summary>
    void Say(string line);

    /// <summary>One line that stays and that the user should not miss.</summary>
    void Warn(string line);
}

/// <summary>A step under way.</summary>
public interface IStep : IDisposable
{
    /// <param name="fraction">Share done, 0 to 1, or null when it cannot be determined.</param>
    /// <param name="detail">How far it is, for people: a rate, failures, bytes.</param>
    void Report(double? fraction, string detail);

    /// <summary>As above, with a detail that says how much time is left, so that nobody else needs to reckon it.</summary>
    void ReportWithTimeLeft(double? fraction, string detail) => Report(fraction, detail);
}

/// <summary>Hears nothing: for tests and for callers that want silence.</summary>
public sealed class SilentObserver : IRunObserver, IStep
{
    public static SilentObserver Instance { get; } = new();

    public IStep Begin(string step, TimeSpan? expected = null) => this;

    public void Say(string line) { }

    public void Warn(string line) { }

    public void Report(double? fraction, string detail) { }

    public void Dispose() { }
}
