using ServeBench.Domain.Progress;
using Spectre.Console;

namespace ServeBench.Build.Terminal;

/// <summary>
/// Shows what long operations are doing: a live line with a bar and the time left for each, redrawn twice a second (cheap,
/// because it shares a core with the load driver). Where there is no terminal, a step says once that it begins, and no more.
/// </summary>
public sealed class TerminalObserver(Screen screen) : IRunObserver, IDisposable
{
    internal const int BarWidth = 16;

    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private int _steps;
    private LiveLines? _live;

    public IStep Begin(string step, TimeSpan? expected = null)
    {
        var begun = new StepLine(this, step, expected);
        lock (_gate)
        {
            _steps++;
            if (screen.IsInteractive) (_live ??= new LiveLines(screen.Console)).Add(begun);
        }
        if (!screen.IsInteractive)
            screen.Say(expected is { } time && time > TimeSpan.FromSeconds(2) ? $"{step} (about {StepLine.Words(time)})" : step);
        return begun;
    }

    public void Say(string line) => screen.Say(line);

    public void Warn(string line) => screen.Warn(line);

    public void Dispose()
    {
        lock (_gate) Clear();
    }

    internal void End(StepLine step)
    {
        lock (_gate)
        {
            step.Task?.StopTask();
            if (--_steps == 0) Clear();
        }
    }

    private void Clear()
    {
        _live?.Dispose();
        _live = null;
    }

    /// <summary>Lines at the bottom of the terminal, from the first step until no step is left.</summary>
    private sealed class LiveLines : IDisposable
    {
        private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Task _drawing;
        private ProgressContext _context = null!;

        public LiveLines(IAnsiConsole console) =>
            _drawing = new Progress(console) { AutoClear = true, HideCompleted = true, ExcludeVerticalPadding = true, RefreshRate = Redraw }
                .Columns(new ProgressBarColumn { Width = BarWidth }, new StepColumn())
                .StartAsync(context =>
                {
                    _context = context;
                    return _over.Task;
                });

        public void Add(StepLine step)
        {
            step.Task = _context.AddTask(step.Title, maxValue: 1);
            step.Task.Tag = step;
            step.Task.IsIndeterminate = true;
        }

        public void Dispose()
        {
            _over.SetResult();
            _drawing.GetAwaiter().GetResult();
        }
    }
}
