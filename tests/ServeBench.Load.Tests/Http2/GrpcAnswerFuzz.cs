using ServeBench.Load.Encoding;
using ServeBench.Load.Http;
using ServeBench.Load.Wire;
using ServeBench.Platform;

namespace ServeBench.Load.Tests.Http2;

[Lane("slow")]
public sealed class GrpcAnswerFuzz
{
    private static readonly byte[][] Good =
    [
        [.. Frames.Of(Frames.Settings, 0, 0, Frames.Setting(4, 70_000)), .. Frames.Head, .. Frames.Of(Frames.Data, 0, 1, Frames.Message([1, 2, 3])), .. Frames.Trailers],
        [
            .. Frames.Of(Frames.Settings, 0, 0), .. Frames.Of(Frames.Settings, Frames.Ack, 0), .. Frames.Of(Frames.WindowUpdate, 0, 0, Frames.Number(1000)), .. Frames.Head,
            .. Frames.Of(Frames.Data, Frames.Padded, 1, [2, .. Frames.Message([])[..3], 0, 0]), .. Frames.Of(Frames.Data, 0, 1, Frames.Message([])[3..]),
            .. Frames.Of(Frames.Ping, 0, 0, new byte[8]), .. Frames.Trailers,
        ],
        [.. Frames.Of(Frames.Settings, 0, 0), .. Frames.Of(Frames.Headers, Frames.EndHeaders | Frames.EndStream, 1, [0x88, .. Frames.Field("grpc-status", "14"), .. Frames.Field("grpc-message", "no%20room")])],
        [.. Frames.Of(Frames.Settings, 0, 0), .. Frames.Head, .. Frames.Of(Frames.Reset, 0, 1, Frames.Number(8))],
        [.. Frames.Of(Frames.Settings, 0, 0), .. Frames.Of(Frames.GoAway, 0, 0, [.. Frames.Number(0), .. Frames.Number(0)])],
        [.. Frames.Of(Frames.Settings, 0, 0), .. Frames.Of(Frames.Headers, 0, 1, 0x8d), .. Frames.Of(Frames.Continuation, Frames.EndHeaders, 1), .. Frames.Of(Frames.Data, Frames.EndStream, 1, 65)],
    ];

    /// <summary>Whatever comes, nothing is thrown, nothing goes on for ever, and the verdict does not depend on how the bytes were cut.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Mutated_answers_get_the_same_verdict_however_they_are_cut(int seed, bool streams)
    {
        var random = new Xoshiro256(seed);
        var verdicts = new Dictionary<ParserState, int>();
        var reused = new GrpcAnswerReader(streams);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = Mutate(Good[random.NextBelow(Good.Length)], random);
            var cuts = Enumerable.Range(0, 3).Select(_ => random.NextBelow(bytes.Length + 1)).Order().ToArray();
            var whole = Verdict(new GrpcAnswerReader(streams), bytes, []);
            Assert.Equal(whole, Verdict(reused, bytes, cuts));
            Assert.Equal(whole, Verdict(reused, bytes, Enumerable.Range(0, bytes.Length)));
            verdicts[whole.State] = verdicts.GetValueOrDefault(whole.State) + 1;
        }
        Assert.All(Enum.GetValues<ParserState>(), state => Assert.InRange(verdicts.GetValueOrDefault(state), 200, 19_000));
    }

    /// <summary>Whatever comes between two calls, nothing is thrown, and a connection that goes on is one that can carry a call.</summary>
    [Fact]
    public void Bytes_between_two_calls_end_the_connection_or_leave_it_whole()
    {
        var random = new Xoshiro256(4);
        var (kept, ended) = (0, 0);
        for (var round = 0; round < 20_000; round++)
        {
            var reader = new GrpcAnswerReader(streams: false);
            var (state, _, _) = Verdict(reader, Good[0], []);
            Assert.Equal((ParserState.Complete, true), (state, reader.KeepAlive));
            // Without the SETTINGS that begin it, since the connection has begun.
            if (!reader.FeedIdle(Mutate(random.NextBelow(2) == 0 ? Good[1][9..31] : Good[random.NextBelow(Good.Length)], random)))
            {
                ended++;
                continue;
            }
            kept++;
            reader.Reset(null);
            reader.Begin(new RenderedRequest(Frames.Of(Frames.Headers, Frames.EndHeaders, 0), 0, 1), isFirst: false);
            Assert.True(reader.TryTake(out _));
            Assert.NotEqual(ParserState.NotTaken, reader.State);
        }
        Assert.InRange(kept, 1_000, 19_000);
        Assert.InRange(ended, 1_000, 19_000);
    }

    /// <summary>What came of it; what follows the end of an answer is fed too, as where it comes with that end in one read.</summary>
    private static (ParserState State, int Status, bool IsAnswer) Verdict(GrpcAnswerReader reader, byte[] bytes, IEnumerable<int> cuts)
    {
        reader.Reset(new AnswerBuffer());
        reader.Begin(new RenderedRequest(Frames.Of(Frames.Headers, Frames.EndHeaders, 0), 0, 1), isFirst: true);
        var at = 0;
        var state = ParserState.Incomplete;
        foreach (var end in cuts.Append(bytes.Length))
        {
            state = reader.Feed(bytes.AsSpan(at..end), 1);
            at = end;
            while (reader.TryTake(out _))
            {
                // What is to be sent has an end.
            }
            if (state == ParserState.Malformed) break;
        }
        Assert.Equal(state == ParserState.Malformed, reader.Problem.Length > 0);
        Assert.InRange(reader.Status, 0, 999);
        return (state, state == ParserState.Malformed ? 0 : reader.Status, state != ParserState.Malformed && reader.IsAnswer);
    }

    private static byte[] Mutate(byte[] good, Xoshiro256 random)
    {
        var bytes = new List<byte>(good);
        for (var times = random.NextBelow(3); times > 0; times--)
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
                    bytes.InsertRange(at, Good[random.NextBelow(Good.Length)][9..]);
                    break;
                case 3 when at < bytes.Count:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 4 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.NextBelow(8));
                    break;
            }
        }
        return [.. bytes];
    }
}
