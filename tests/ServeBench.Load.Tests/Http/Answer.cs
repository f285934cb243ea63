using ServeBench.Load.Http;

namespace ServeBench.Load.Tests.Http;

/// <summary>What a parser made of some bytes.</summary>
internal sealed record Answer(ParserState State, int Status, string Body, bool KeepAlive, string Problem)
{
    /// <summary>Feeds the bytes in pieces that end at the given places, then, if asked, the end of the stream.</summary>
    public static Answer Of(ReadOnlySpan<byte> bytes, IEnumerable<int> cuts, bool ends = false)
    {
        var parser = new ResponseParser();
        return Of(parser, bytes, cuts, ends);
    }

    public static Answer Of(ResponseParser parser, ReadOnlySpan<byte> bytes, IEnumerable<int> cuts, bool ends = false)
    {
        var body = new BodyBuffer();
        parser.Reset(body);
        var from = 0;
        foreach (var cut in cuts.Append(bytes.Length))
        {
            parser.Feed(bytes[from..cut]);
            from = cut;
        }
        if (ends) parser.EndOfStream();
        var text = Latin1.Text(body.ToArray());
        Assert.Equal(text.Length, parser.BodyBytes);
        return new Answer(parser.State, parser.Status, text, parser.KeepAlive, parser.Problem);
    }

    public static Answer Of(string text, bool ends = false) => Of(Latin1.Bytes(text), [], ends);
}
