using ServeBench.OnnxServer.Protocols.Protobuf;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Protocols.Grpc;

/// <summary>
/// grpc.reflection.v1.ServerReflection and its predecessor v1alpha, which differ in nothing but their name: clients without a proto file
/// learn the services and their messages.
/// </summary>
/// <param name="stream">Answers calls of several messages.</param>
internal sealed class ReflectionService(GrpcStream stream)
{
    private const ulong NotFound = 5;
    private const ulong Unimplemented = 12;

    private static readonly string[] Versions = ["v1", "v1alpha"];

    /// <summary>The names of all services.</summary>
    public static IReadOnlyList<string> Services { get; } =
    [
        "inference.GRPCInferenceService", "grpc.health.v1.Health", .. Versions.Select(v => $"grpc.reflection.{v}.ServerReflection"),
    ];

    public void Map(RouteTable routes)
    {
        foreach (var version in Versions)
            routes.Post($"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo", HandleAsync);
    }

    private Task HandleAsync(HttpContext context) => stream.HandleAsync(
        context,
        async (message, _) =>
        {
            try
            {
                GrpcMessages.Write(context.Response.BodyWriter, Answer(message).Span);
            }
            catch (ProtobufException e)
            {
                return ApiError.Invalid($"The message is no ServerReflectionRequest: {e.Message}");
            }
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            return null;
        });

    private static ReadOnlyMemory<byte> Answer(ReadOnlySpan<byte> request)
    {
        var (kind, asked, host) = (0, "", "");
        var reader = new ProtobufReader(request);
        while (reader.TryReadField(out var field))
        {
            if (field == 1) host = reader.ReadText();
            else if (field is 3 or 4 or 6 or 7) (kind, asked) = (field, reader.ReadText());
            else if (field == 5) (kind, asked) = Skip(ref reader);
            else reader.Skip();
        }
        var original = request.ToArray();
        return GrpcMessages.Render(answer =>
        {
            answer.Text(1, host);
            answer.Bytes(2, original);
            Write(answer, kind, asked);
        });
    }

    private static (int Kind, string Asked) Skip(ref ProtobufReader reader)
    {
        reader.Skip();
        return (5, "");
    }

    private static void Write(ProtobufWriter answer, int kind, string asked)
    {
        var file = kind switch
        {
            3 => ServiceDescriptors.ByFile(asked),
            4 => ServiceDescriptors.BySymbol(asked),
            _ => null,
        };
        if (file is not null) answer.Message(4, files => files.Bytes(1, file));
        else if (kind == 7) answer.Message(6, list => WriteServices(list));
        else
        {
            answer.Message(7, error =>
            {
                error.Number(1, kind is 3 or 4 ? NotFound : Unimplemented);
                error.Text(2, kind is 3 or 4 ? $"'{asked}' is not known" : "extensions are not used here");
            });
        }
    }

    private static void WriteServices(ProtobufWriter list)
    {
        foreach (var service in Services) list.Message(1, s => s.Text(1, service));
    }
}
