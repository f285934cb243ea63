using System.Collections;
using System.Text.RegularExpressions;

namespace ServeBench.Domain.Faults;

/// <summary>
/// Takes secrets out of text that is shown or stored but not written by this project: what other tools, servers and users' files say.
/// Known are the forms in which secrets travel: before the host of an address, in authorization headers, as the value of a variable,
/// parameter or member whose name says so, and tokens by their usual beginnings; and, wherever they are, the values of this process's
/// own variables whose names say so.
/// </summary>
public static partial class Redaction
{
    public const string Mark = "[redacted]";

    /// <summary>Shorter values, and those without a digit (<c>none</c>, <c>not-needed</c>), may be anybody's words.</summary>
    private const int ShortestOwn = 8;

    private static readonly Lazy<string[]> Own = new(() => [.. OwnOf(Environment.GetEnvironmentVariables())]);

    public static string Of(string text)
    {
        foreach (var secret in Own.Value) text = text.Replace(secret, Mark, StringComparison.Ordinal);
        text = UserInfo().Replace(text, $"://{Mark}@");
        text = Authorization().Replace(text, $"$1{Mark}");
        text = Named().Replace(text, $"$1{Mark}");
        text = Cookies().Replace(text, $"$1{Mark}");
        return Token().Replace(text, Mark);
    }

    /// <summary>A piece of a foreign file, for a message: one line, no control characters, cut, redacted.</summary>
    public static string Quote(string text, int longest = 80)
    {
        var line = Of(string.Concat(text.Take(4 * longest).Select(c => char.IsControl(c) ? ' ' : c)));
        return line.Length <= longest ? line : line[..longest] + "...";
    }

    /// <summary>The values of variables whose names say that they are secret, the longest first; paths are none.</summary>
    public static IEnumerable<string> OwnOf(IDictionary variables) =>
        from DictionaryEntry variable in variables
        let value = (string?)variable.Value ?? ""
        where SecretName().IsMatch((string)variable.Key)
            && value.Length >= ShortestOwn
            && value.Any(char.IsAsciiDigit)
            && !Path.IsPathRooted(value)
        orderby value.Length descending
        select value;

    [GeneratedRegex(
        @"(?i)(passwords?|passwd|passphrase|[a-z]_pwd|secrets?|token|(?:^|_)keys?|apikeys?|accesskeys?|credentials?|cookie"
            + @"|_(?:pat|auth|jwt))$")]
    private static partial Regex SecretName();

    [GeneratedRegex(@"(?<!\bssh)://[^/\s""'<>]+@")]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"(?i)(authorization""?\s*[:=]\s*[""']?(?:\w+\s+)?|\bbearer\s+)[^\s""',;]{6,}")]
    private static partial Regex Authorization();

    [GeneratedRegex(
        @"(?i)((?:passwords?|passwd|passphrase|pwd|secrets?|token|(?:api|access|secret|private|signing)[_-]?keys?|credentials?|x-auth"
            + @"|signature|[?&](?:sig|key))"
            + @"""?\s*[=:]\s*[""']?)[^\s""'&,;]+")]
    private static partial Regex Named();

    [GeneratedRegex(@"(?i)(\bcookie""?\s*[:=]\s*[""']?)[^\r\n""']+")]
    private static partial Regex Cookies();

    [GeneratedRegex(@"\b(?:hf_|ghp_|gho_|github_pat_|glpat-|sk-|xox[abp]-|AKIA|AIza|npm_|eyJ[A-Za-z0-9_-]{8,2048}\.eyJ)[A-Za-z0-9_.-]{8,}")]
    private static partial Regex Token();
}
