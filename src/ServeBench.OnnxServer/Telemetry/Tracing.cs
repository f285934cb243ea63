using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Metrics;
using ServeBench.OnnxServer.Scheduling;

namespace ServeBench.OnnxServer.Telemetry;

/// <summary>
/// Traces of requests for OpenTelemetry, when they are asked for: a span for each request, a child of the caller's where it
/// sends <c>traceparent</c>, with spans for what was done in it. They are made when the request is over, from the times that
/// it carries anyway; without a listener nothing is made.
/// </summary>
internal static class Tracing
{
    public const string SourceName = "ServeBench.OnnxServer";

    private static readonly ActivitySource Source = new(SourceName, ProgramVersion.Text);

    /// <summary>Sends traces to a collector until disposed of, which sends the rest.</summary>
    public static IDisposable Send(Uri to) => Sdk.CreateTracerProviderBuilder()
        .AddSource(SourceName)
        .ConfigureResource(resource => resource.AddService("servebench-onnxserver", serviceVersion: ProgramVersion.Text))
        .AddOtlpExporter(exporter =>
        {
            exporter.Endpoint = to;
            exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        })
        .Build();

    /// <summary>Makes the spans of a request that is over.</summary>
    /// <param name="context">The exchange.</param>
    /// <param name="request">Its items and times; null when it was refused before it was read.</param>
    /// <param name="received">When it arrived, by <paramref name="time"/>.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="time">The clock of the times.</param>
    public static void Record(HttpContext context, ScheduledRequest? request, long received, RequestOutcome outcome, TimeProvider time)
    {
        if (!Source.HasListeners()) return;
        var (timestamp, now) = (time.GetTimestamp(), time.GetUtcNow());
        DateTimeOffset At(long moment) => now - time.GetElapsedTime(moment, timestamp);

        var headers = context.Request.Headers;
        var caller = ActivityContext.TryParse(headers.TraceParent, headers.TraceState, isRemote: true, out var parsed) ? parsed : default;
        using var span = Source.StartActivity(
            ActivityKind.Server, caller, startTime: At(received), name: $"{context.Request.Method} {context.Request.Path}");
        if (span is null) return;
        span
            .SetTag("http.request.method", context.Request.Method)
            .SetTag("url.path", context.Request.Path.Value)
            .SetTag("http.response.status_code", context.Response.StatusCode)
                .SetTag("servebench.outcome", outcome.Label());
        if (outcome is RequestOutcome.Failed or RequestOutcome.Expired) span.SetStatus(ActivityStatusCode.Error);
        if (request is { QueuedAt: > 0 })
        {
            span.SetTag("servebench.items", request.Count).SetTag("servebench.cost", request.TotalCost);
            Step("input", received, request.QueuedAt);
        }
        if (request is { StartedAt: > 0 })
        {
            Step("queue", request.QueuedAt, request.StartedAt);
            Step("inference", request.StartedAt, request.EndedAt)?.SetTag("servebench.batch.items", request.BatchItems);
            if (outcome == RequestOutcome.Success) Step("serialize", request.EndedAt, timestamp);
        }
        span.SetEndTime(now.UtcDateTime);

        Activity? Step(string name, long from, long to)
        {
            using var step = Source.StartActivity(ActivityKind.Internal, span.Context, startTime: At(from), name: name);
            return step?.SetEndTime(At(to).UtcDateTime);
        }
    }
}
