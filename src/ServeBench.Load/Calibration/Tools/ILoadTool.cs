using System.Net;
using ServeBench.Load.Encoding;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Calibration.Tools;

/// <summary>One load, as any tool can make it: so many in flight, the same request over and over, for so long.</summary>
/// <param name="Target">A null server.</param>
/// <param name="Path">Path of the request.</param>
/// <param name="Body">Its JSON body.</param>
/// <param name="Concurrency">Requests in flight.</param>
/// <param name="Duration">How long.</param>
public sealed record ToolJob(IPEndPoint Target, string Path, byte[] Body, int Concurrency, TimeSpan Duration)
{
    /// <summary>The request as our own drivers send it.</summary>
    internal PayloadSet Payloads
    {
        get
        {
            var head = $"POST {Path} HTTP/1.1\r\nHost: {Target}\r\nContent-Type: {JsonBody.Type}\r\n"
                + $"Content-Length: {Body.Length}\r\n\r\n";
            return new PayloadSet(
                PlantedLatencies.Plain, [new RenderedRequest([.. System.Text.Encoding.ASCII.GetBytes(head), .. Body], Body.Length, 1)]);
        }
    }
}

/// <param name="Requests">How many were answered.</param>
/// <param name="RequestsPerSecond">By the tool's own account.</param>
/// <param name="CpuSeconds">What the tool used; null when that could not be obtained.</param>
/// <param name="Percentiles">Latency in seconds by percentile, as the tool reports it.</param>
public sealed record ToolRun(long Requests, double RequestsPerSecond, double? CpuSeconds, IReadOnlyDictionary<double, double> Percentiles);

/// <summary>A load tool that can be compared with others.</summary>
public interface ILoadTool
{
    /// <summary>With its version.</summary>
    string Name { get; }

    Task<ToolRun> RunAsync(ToolJob job, CancellationToken ct);

    /// <summary>The driver behind it, when it is one of ours and so has an open loop; null otherwise.</summary>
    ILoadDriver? Driver { get; }
}
