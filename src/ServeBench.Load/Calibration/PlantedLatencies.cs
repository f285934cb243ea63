using System.Net;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Load.Encoding;
using ServeBench.Load.Wire;
using ServeBench.Platform;

namespace ServeBench.Load.Calibration;

/// <summary>
/// Requests that each ask the null server for a latency of their own, so that the truth about every single sample is known and
/// percentiles can be compared over the very same requests, without the sampling error of two draws.
/// </summary>
public sealed class PlantedLatencies
{
    private const string Distribution = "lognormal, p50 5 ms, p99 50 ms";
    private const double Median = 5e6;

    /// <summary>ln(50 / 5) / z(0.99), the 99th percentile of the standard normal distribution.</summary>
    private const double Sigma = 2.302585092994046 / 2.3263478740408408;

    /// <summary>Percentiles with the samples that each needs (method.md, rule 14).</summary>
    private static readonly (double Percentile, int Samples)[] Supported = [(50, 1), (90, 64), (95, 130), (99, 662), (99.9, 6636)];

    private readonly long[] _planted;

    /// <param name="wire">How the null server answers.</param>
    /// <param name="server">The null server.</param>
    /// <param name="distinct">How many latencies.</param>
    /// <param name="seed">Decides them.</param>
    public PlantedLatencies(WireFormat wire, IPEndPoint server, int distinct, long seed)
    {
        var random = new Xoshiro256(seed);
        _planted = new long[distinct];
        for (var i = 0; i < distinct; i++) _planted[i] = Draw(random);
        Payloads = new PayloadSet(wire, [.. _planted.Select(l => wire.Planted(server, l))]);
    }

    public PayloadSet Payloads { get; }

    /// <summary>The wire format of requests that are put together by hand.</summary>
    public static WireFormat Plain { get; } = new HttpJson(
        new HttpRequest("POST", "/delay", new Dictionary<string, string>(), new JsonBody(new JsonLiteralTemplate("{}"))),
        200,
        new JsonAnswer(JsonPath.TryParse("[*]", out _)!, []));

    /// <param name="samples">Successful requests of <see cref="Payloads"/>.</param>
    /// <param name="rate">The rate that they came at.</param>
    public TruthCheck Compare(SampleTable samples, double rate)
    {
        var planted = new List<long>();
        var reported = new List<long>();
        foreach (ref readonly var sample in samples.Rows)
        {
            planted.Add(_planted[sample.Payload]);
            reported.Add(sample.EndToEnd);
        }
        var (truth, measured) = (planted.Order().ToArray(), reported.Order().ToArray());
        return new TruthCheck(Distribution, rate, truth.Length,
        [
            .. Supported.Where(s => truth.Length >= s.Samples).Select(s => new TruthPoint(
                s.Percentile, Quantiles.Seconds(truth, s.Percentile / 100), Quantiles.Seconds(measured, s.Percentile / 100))),
        ]);
    }

    /// <summary>exp(mu + sigma z), with z by Box and Muller.</summary>
    private static long Draw(Xoshiro256 random)
    {
        var z = Math.Sqrt(-2 * Math.Log(random.NextUnit())) * Math.Cos(2 * Math.PI * random.NextUnit());
        return (long)(Median * Math.Exp(Sigma * z));
    }
}
