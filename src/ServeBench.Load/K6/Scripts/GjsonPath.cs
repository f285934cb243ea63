using ServeBench.Domain.Protocols;

namespace ServeBench.Load.K6.Scripts;

/// <summary>
/// Our paths in the syntax that k6's <c>Response.json()</c> understands (GJSON): <c>data[*].value</c> is <c>data.#.value</c>.
/// </summary>
internal static class GjsonPath
{
    /// <param name="path">The path; <c>data[*]</c> becomes <c>data.#</c>, which is the number of elements.</param>
    public static string Of(JsonPath path) =>
        string.Join('.', path.Steps.Select(s => s.Member is { } member ? Escape(member) : s.Index is { } index ? $"{index}" : "#"));

    /// <summary>True when the last step is <c>[*]</c>, so that the selector yields a count instead of values.</summary>
    public static bool IsCount(JsonPath path) => path.Steps[^1] is { Member: null, Index: null };

    private static string Escape(string member) =>
        string.Concat(member.Select(c => c is '.' or '*' or '?' or '#' or '|' or '@' ? $"\\\\{c}" : $"{c}"));
}
