using System.Collections.Concurrent;
using ServeBench.Domain.Progress;

namespace ServeBench.Models.Tests.Support;

/// <summary>Notes what is said and every step that begins, and does something when a certain one does.</summary>
internal sealed class StepObserver : IRunObserver
{
    public ConcurrentQueue<string> Steps { get; } = [];

    public ConcurrentQueue<string> Lines { get; } = [];

    /// <summary>How the step begins at which something is done.</summary>
    public string? At { get; init; }

    public Action Do { get; init; } = () => { };

    public IStep Begin(string step, TimeSpan? expected = null)
    {
        Steps.Enqueue(step);
        if (At is not null && step.StartsWith(At, StringComparison.Ordinal)) Do();
        return SilentObserver.Instance.Begin(step, expected);
    }

    public void Say(string line) => Lines.Enqueue(line);

    public void Warn(string line) => Lines.Enqueue(line);
}
