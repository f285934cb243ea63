using ServeBench.Load.Encoding;
using ServeBench.Load.K6.Scripts;

namespace ServeBench.Load.Wire;

/// <summary>What a generated k6 script needs to speak a wire format.</summary>
/// <param name="Template">The script's template under k6/templates.</param>
/// <param name="Describe">Adds the values that only this format's template names.</param>
internal sealed record K6Speech(string Template, Action<Dictionary<string, object>, ScriptCase> Describe)
{
    /// <summary>The module that has to be built into k6; null when k6 speaks the format by itself.</summary>
    public string? Module { get; init; }

    /// <summary>Whether a script can send the bodies of this protocol: some modules take text only.</summary>
    public bool SendsItsBodies { get; init; } = true;

    /// <summary>Whether k6 itself counts and times the requests; the script does it otherwise.</summary>
    public bool IsCountedByK6 { get; init; }

    /// <summary>Whether a script hears of the answer while it still sends, so that it has to wait for both.</summary>
    public bool WaitsForSend { get; init; }

    /// <summary>Whether a script keeps whole answers, and not just a part that cannot be understood alone.</summary>
    public bool KeepsWholeAnswers { get; init; } = true;

    /// <summary>The body of a rendered request as a script sends it.</summary>
    public Func<RenderedRequest, byte[]> BodyOf { get; init; } = request => request.Bytes[^request.BodyBytes..];

    /// <summary>The path in the head of a rendered request; empty where requests have no head.</summary>
    public Func<RenderedRequest, string> PathOf { get; init; } = _ => "";

    /// <summary>The headers of a rendered request that the protocol does not name, because they depend on the body.</summary>
    public Func<RenderedRequest, IReadOnlyList<KeyValuePair<string, string>>> OwnHeadersOf { get; init; } = _ => [];
}
