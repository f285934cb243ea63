using Microsoft.Extensions.Logging.Console;
using ServeBench.OnnxServer.Configuration;

namespace ServeBench.OnnxServer.Logs;

/// <summary>Where the log goes: standard output, a line for each event.</summary>
internal static class Logging
{
    public const string Timestamps = "yyyy-MM-ddTHH:mm:ss.fffZ ";

    public static void Configure(ILoggingBuilder logging, ServerOptions options)
    {
        logging.SetMinimumLevel(options.LogLevel);
        // The web server logs every request at the level of information.
        logging.AddFilter("Microsoft", options.LogLevel > LogLevel.Warning ? options.LogLevel : LogLevel.Warning);
        if (options.LogLevel == LogLevel.None) return;
        if (options.LogsJson) logging.AddJsonConsole(Stamp);
        else logging.AddProvider(new LineLoggerProvider(Console.Out, TimeProvider.System));
    }

    private static void Stamp(ConsoleFormatterOptions console)
    {
        console.TimestampFormat = Timestamps;
        console.UseUtcTimestamp = true;
    }
}
