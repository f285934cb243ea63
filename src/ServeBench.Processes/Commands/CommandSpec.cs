using System.Text;
using ServeBench.Domain.Faults;

namespace ServeBench.Processes.Commands;

/// <summary>A command to run to its end. Arguments are passed as they are; no shell reads them.</summary>
/// <param name="Program">A program's path, or a name that is looked up on PATH.</param>
/// <param name="Arguments">Its arguments, in order.</param>
public sealed record CommandSpec(string Program, params IReadOnlyList<string> Arguments)
{
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables set on top of this process's environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Text written to standard input, which is then closed; null gives an empty input.</summary>
    public string? StandardInput { get; init; }

    /// <summary>After this long the whole process tree is killed and the command has failed; null waits for ever.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Texts (tokens, passwords) that must never be shown; they are replaced wherever the command or its output is.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>What to try when it fails, as an imperative sentence.</summary>
    public string Remedy { get; init; } = "";

    /// <summary>The command as a person could paste it into a shell, secrets redacted.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Quote(Program));
        foreach (var argument in Arguments) text.Append(' ').Append(Quote(argument));
        return Redaction.Of(Redact(text.ToString()));
    }

    /// <summary>Replaces every secret of this command in a text.</summary>
    public string Redact(string text) =>
        Secrets.Where(s => s.Length > 0).Aggregate(text, (t, secret) => t.Replace(secret, "[redacted]", StringComparison.Ordinal));

    private static string Quote(string argument)
    {
        var plain = argument.Length > 0
            && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=,@%+".Contains(c, StringComparison.Ordinal));
        return plain ? argument : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
