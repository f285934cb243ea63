using System.Text;

namespace ServeBench.Domain.Faults;

/// <summary>
/// One thing wrong with what the user gave: where it is, what is wrong with it, and what to do about it.
/// </summary>
/// <param name="Where">The file (relative to the repository where possible) or the option, as the user would name it.</param>
/// <param name="Line">One-based line in the file, when there is one.</param>
/// <param name="Key">The key path inside the file, for example <c>request.body.json</c>.</param>
/// <param name="Problem">What is wrong, naming the offending value and the limit it broke.</param>
/// <param name="Remedy">What to do, as an imperative sentence; empty when the problem says it already.</param>
public sealed record Fault(string Where, int? Line, string? Key, string Problem, string Remedy = "")
{
    /// <summary><c>file:line: key: problem. remedy</c>, the form compilers use, so that editors can jump to it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Where);
        if (Line is { } line) text.Append(':').Append(line);
        text.Append(": ");
        if (Key is { Length: > 0 }) text.Append(Key).Append(": ");
        text.Append(Problem.TrimEnd('.')).Append('.');
        if (Remedy.Length > 0) text.Append(' ').Append(Remedy).Append(Remedy[^1] is '.' or '?' or ')' ? "" : ".");
        return text.ToString();
    }
}
