using ServeBench.Load.Signing;

namespace ServeBench.Load.Encoding;

/// <summary>One request as it goes over the wire.</summary>
/// <param name="Bytes">Head, where the wire format has one, and body, complete; what depends on the connection is put in later.</param>
/// <param name="BodyBytes">How many of them are the body.</param>
/// <param name="Items">Items in it (texts, images, prompts).</param>
public sealed record RenderedRequest(byte[] Bytes, int BodyBytes, int Items)
{
    /// <summary>Signs it each time that it is sent; null where it goes out as it is.</summary>
    internal AwsSeal? Seal { get; init; }
}
