using ServeBench.Load.Http2;
using ServeBench.Platform;

namespace ServeBench.Load.Tests.Http2;

public sealed class HeaderBlockTests
{
    /// <summary>The examples of RFC 7541, appendices C.4 and C.6.</summary>
    [Theory]
    [InlineData("f1e3c2e5f23a6ba0ab90f4ff", "www.example.com")]
    [InlineData("a8eb10649cbf", "no-cache")]
    [InlineData("25a849e95ba97d7f", "custom-key")]
    [InlineData("25a849e95bb8e8b4bf", "custom-value")]
    [InlineData("6402", "302")]
    [InlineData("aec3771a4b", "private")]
    [InlineData("d07abe941054d444a8200595040b8166e082a62d1bff", "Mon, 21 Oct 2013 20:13:21 GMT")]
    [InlineData("9d29ad171863c78f0b97c8e9ae82ae43d3", "https://www.example.com")]
    [InlineData("94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007", "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1")]
    [InlineData("", "")]
    public void Compressed_text_is_that_of_the_standard(string code, string text)
    {
        var decoded = new byte[128];
        var length = HuffmanText.Decode(Convert.FromHexString(code), decoded);
        Assert.Equal(text, Latin1.Text(decoded.AsSpan(0, Math.Max(0, length))));
    }

    [Theory]
    [InlineData("ff")] // eight bits of filling
    [InlineData("00")] // filled up with zeros
    [InlineData("fffffffc")] // the code of the end
    [InlineData("ffffffff")]
    public void What_is_no_compressed_text_is_refused(string code) => Assert.Equal(-1, HuffmanText.Decode(Convert.FromHexString(code), new byte[16]));

    [Theory]
    [InlineData("88", ":status: 200")]
    [InlineData("8d", ":status: 404")]
    [InlineData("4803333032", ":status: 302")] // to be remembered, in a table of no bytes
    [InlineData("0803333032", ":status: 302")]
    [InlineData("1803333032", ":status: 302")] // never to be remembered
    [InlineData("488264 02", ":status: 302")]
    [InlineData("000a637573746f6d2d6b65790c637573746f6d2d76616c7565", "custom-key: custom-value")]
    [InlineData("408825a849e95ba97d7f8925a849e95bb8e8b4bf", "custom-key: custom-value")]
    [InlineData("2088", ":status: 200")] // a table of no bytes
    [InlineData("0f100161", "content-type: a")]
    [InlineData("0f1000", "content-type: ")]
    public void Every_form_of_a_field_is_read(string block, string field)
    {
        var response = new ResponseLog();
        Assert.Null(new HeaderBlockReader().Read(Hex(block), response));
        Assert.Equal([field], response.Log);
    }

    [Theory]
    [InlineData("80", "field number 0")]
    [InlineData("be", "a table that the server was told not to keep")]
    [InlineData("7e00", "a table that the server was told not to keep")]
    [InlineData("3f00", "wants a header table of 31 bytes")]
    [InlineData("ff", "cut off or too large")]
    [InlineData("ffffffffffffffff", "cut off or too large")]
    [InlineData("00", "name in a header block cannot be decoded")]
    [InlineData("0000", "has no name")]
    [InlineData("000561", "name in a header block cannot be decoded")]
    [InlineData("000161", "value in a header block cannot be decoded")]
    [InlineData("00016181ff", "value in a header block cannot be decoded")]
    [InlineData("00016105ff", "value in a header block cannot be decoded")]
    public void What_is_wrong_with_a_block_is_told(string block, string problem) =>
        Assert.Contains(problem, new HeaderBlockReader().Read(Hex(block), new ResponseLog()), StringComparison.Ordinal);

    [Fact]
    public void What_is_written_can_be_read()
    {
        var longest = new string('x', 5000);
        var block = new HeaderBlockWriter().Known(StaticFields.MethodPost).Known(StaticFields.SchemeHttp).Field(StaticFields.Path, "/a.B/C").Field("te", "trailers").Field("x", longest);
        var response = new ResponseLog();
        Assert.Null(new HeaderBlockReader().Read(block.Written, response));
        Assert.Equal([":method: POST", ":scheme: http", ":path: /a.B/C", "te: trailers", $"x: {longest}"], response.Log);
    }

    [Fact]
    public void Any_bytes_at_all_are_read_or_refused()
    {
        var random = new Xoshiro256(1);
        var reader = new HeaderBlockReader();
        var (good, bad) = (0, 0);
        for (var round = 0; round < 100_000; round++)
        {
            var block = new byte[random.NextBelow(24)];
            for (var i = 0; i < block.Length; i++) block[i] = (byte)random.Next();
            if (reader.Read(block, new ResponseLog()) is null) good++;
            else bad++;
        }
        Assert.InRange(good, 1000, 99_000);
        Assert.InRange(bad, 1000, 99_000);
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));
}
