using Microsoft.Extensions.Logging;

namespace ServeBench.OnnxServer.Tests.Support;

/// <summary>Keeps what is logged.</summary>
internal sealed class RecordingLogger : ILogger
{
    private readonly List<(LogLevel Level, string Text, Exception? Why)> _entries = [];

    public IReadOnlyList<(LogLevel Level, string Text, Exception? Why)> Entries
    {
        get
        {
            lock (_entries) return [.. _entries];
        }
    }

    public void Log<T>(LogLevel logLevel, EventId eventId, T state, Exception? exception, Func<T, Exception?, string> formatter)
    {
        lock (_entries) _entries.Add((logLevel, formatter(state, exception), exception));
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<T>(T state) where T : notnull => null;
}
