using ServeBench.OnnxServer.Protocols.Protobuf;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Protocols.Grpc;

/// <summary>grpc.health.v1.Health (gRPC Health Checking Protocol): of the server, whose name is empty, and of its services.</summary>
/// <param name="gate">Says when the server is about to end.</param>
/// <param name="known">The names of its services.</param>
/// <param name="most">The most bytes of a message.</param>
internal sealed class HealthService(RequestGate gate, IReadOnlyList<string> known, int most)
{
    private const ulong Serving = 1;
    private const ulong NotServing = 2;
    private const ulong Unknown = 3;

    private const string Service = "/grpc.health.v1.Health/";

    public void Map(RouteTable routes)
    {
        routes.Post(Service + "Check", CheckAsync);
        routes.Post(Service + "Watch", WatchAsync);
    }

    private async Task CheckAsync(HttpContext context)
    {
        var (name, error) = await ReadAsync(context);
        if (error is null && !IsKnown(name)) error = new ApiError(ErrorKind.UnknownModel, $"The service '{name}' does not exist");
        if (error is not null) await GrpcErrors.WriteAsync(context, error);
        else await GrpcMessages.AnswerAsync(context, m => m.Number(1, Status()));
    }

    /// <summary>Says how it is, and once more when the server is about to end.</summary>
    private async Task WatchAsync(HttpContext context)
    {
        var (name, error) = await ReadAsync(context);
        if (error is not null)
        {
            await GrpcErrors.WriteAsync(context, error);
            return;
        }
        GrpcWire.KeepOpen(context);
        var isKnown = IsKnown(name);
        await SendAsync(context, isKnown ? Status() : Unknown);
        await gate.Draining.WaitAsync(context.RequestAborted);
        if (isKnown) await SendAsync(context, NotServing);
        GrpcWire.Succeed(context.Response);
    }

    private static async Task SendAsync(HttpContext context, ulong status)
    {
        GrpcMessages.Write(context.Response.BodyWriter, GrpcMessages.Render(m => m.Number(1, status)).Span);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private async ValueTask<(string Name, ApiError? Error)> ReadAsync(HttpContext context)
    {
        var (message, error) = await GrpcMessages.ReadAsync(context.Request.BodyReader, most, context.RequestAborted);
        if (error is not null) return ("", error);
        try
        {
            return (NameIn(message), null);
        }
        catch (ProtobufException e)
        {
            return ("", ApiError.Invalid($"The message is no HealthCheckRequest: {e.Message}"));
        }
    }

    private static string NameIn(ReadOnlySpan<byte> message)
    {
        var name = "";
        var reader = new ProtobufReader(message);
        while (reader.TryReadField(out var field))
        {
            if (field == 1) name = reader.ReadText();
            else reader.Skip();
        }
        return name;
    }

    private bool IsKnown(string name) => name.Length == 0 || known.Contains(name);

    private ulong Status() => gate.IsDraining ? NotServing : Serving;
}
