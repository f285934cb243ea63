using System.Globalization;
using System.Text;
using Cake.Core.Diagnostics;

namespace ServeBench.Build.Terminal;

/// <summary>
/// What the task engine says. Its errors are kept, not shown: a task's failure is reported once, by us, with its remedy; only
/// when nothing of ours failed are they the news.
/// </summary>
public sealed class EngineLog(Screen screen) : ICakeLog
{
    private readonly StringBuilder _errors = new();

    public Verbosity Verbosity { get; set; } = Verbosity.Quiet;

    public string Errors => _errors.ToString().TrimEnd();

    public void Write(Verbosity verbosity, LogLevel level, string format, params object[] args)
    {
        var text = args.Length == 0 ? format : string.Format(CultureInfo.InvariantCulture, format, args);
        if (level <= LogLevel.Error) _errors.AppendLine(text);
        else if (verbosity <= Verbosity) screen.Say(text);
    }
}
