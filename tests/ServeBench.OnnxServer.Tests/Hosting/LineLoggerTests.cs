using Microsoft.Extensions.Logging;
using ServeBench.OnnxServer.Logs;

namespace ServeBench.OnnxServer.Tests.Hosting;

/// <summary>The log's own lines.</summary>
public sealed class LineLoggerTests
{
    [Fact]
    public void An_event_is_one_line_with_its_time_level_category_and_number()
    {
        Assert.Equal("2026-01-31T23:59:00.007Z warn: Some.Category[4] two lines\n", Logged(LogLevel.Warning, "two\nlines", null));
    }

    [Fact]
    public void An_exception_stays_on_the_line()
    {
        var line = Logged(LogLevel.Error, "it failed", new IOException("no\r\nspace"));
        Assert.Equal("2026-01-31T23:59:00.007Z fail: Some.Category[4] it failed System.IO.IOException: no space\n", line);
    }

    private static string Logged(LogLevel level, string message, Exception? exception)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var provider = new LineLoggerProvider(output, new Stopped());
        provider.CreateLogger("Some.Category").Log(level, new EventId(4), message, exception, (state, _) => state);
        return output.ToString();
    }

    private sealed class Stopped : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 31, 23, 59, 0, 7, TimeSpan.Zero);
    }
}
