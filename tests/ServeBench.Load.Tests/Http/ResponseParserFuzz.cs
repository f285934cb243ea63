using ServeBench.Load.Http;
using ServeBench.Platform;

namespace ServeBench.Load.Tests.Http;

[Lane("slow")]
public sealed class ResponseParserFuzz
{
    private static readonly string[] Tokens =
        ["\r\n", "\n", "\r", ":", " ", "HTTP/1.1 ", "200", "Content-Length: ", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n", "ffffffff", "Connection: close", ";", "\0", "\u00ff"];

    /// <summary>Whatever comes, nothing is thrown, and the verdict does not depend on how the bytes were cut.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Mutated_answers_get_the_same_verdict_however_they_are_cut(int seed)
    {
        var random = new Xoshiro256(seed);
        var good = ResponseParserTests.Good.Select(row => Latin1.Bytes(row.Data.Item1)).ToArray();
        var verdicts = new Dictionary<ParserState, int>();
        var reused = new ResponseParser();
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = Mutate(good[random.NextBelow(good.Length)], random);
            var ends = random.NextBelow(2) == 0;
            var whole = Answer.Of(bytes, [], ends);
            var cuts = Enumerable.Range(0, 3).Select(_ => random.NextBelow(bytes.Length + 1)).Order().ToArray();
            Assert.Equal(whole with { Problem = "" }, Answer.Of(reused, bytes, cuts, ends) with { Problem = "" });
            Assert.Equal(whole with { Problem = "" }, Answer.Of(bytes, Enumerable.Range(0, bytes.Length), ends) with { Problem = "" });
            if (whole.State == ParserState.Complete) Assert.InRange(whole.Status, 100, 999);
            verdicts[whole.State] = verdicts.GetValueOrDefault(whole.State) + 1;
        }
        // The mutations are neither so mild nor so wild that one verdict is all there is.
        Assert.All([ParserState.Incomplete, ParserState.Complete, ParserState.Malformed], state => Assert.InRange(verdicts[state], 500, 19_000));
    }

    private static byte[] Mutate(byte[] good, Xoshiro256 random)
    {
        var bytes = new List<byte>(good);
        for (var times = 1 + random.NextBelow(3); times > 0; times--)
        {
            var at = random.NextBelow(bytes.Count + 1);
            switch (random.NextBelow(5))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)random.Next();
                    break;
                case 1 when at < bytes.Count:
                    bytes.RemoveRange(at, Math.Min(1 + random.NextBelow(8), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, Latin1.Bytes(Tokens[random.NextBelow(Tokens.Length)]));
                    break;
                case 3 when at < bytes.Count:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.Take(random.NextBelow(bytes.Count + 1)).ToArray());
                    break;
            }
        }
        return [.. bytes];
    }
}
