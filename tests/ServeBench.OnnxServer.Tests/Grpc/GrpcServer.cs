using Grpc.Net.Client;
using Inference;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Grpc;

/// <summary>A server in this process that speaks gRPC and serves a model of each kind, with gRPC's own client for it.</summary>
public sealed class GrpcServer(PreparedMiniLm texts) : IAsyncLifetime
{
    private readonly SmallClassifier _images = new();
    private GrpcChannel _channel = null!;

    public SmallClassifier Images => _images;

    internal RunningServer Server { get; private set; } = null!;

    internal GRPCInferenceService.GRPCInferenceServiceClient Client => new(_channel);

    internal GrpcChannel Channel => _channel;

    public async ValueTask InitializeAsync()
    {
        Server = await RunningServer.StartAsync(_images.Folder, $"--model={texts.Folder}", "--grpc-port=0", "--max-body=1000000");
        _channel = GrpcChannel.ForAddress(Server.GrpcAddress);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await Server.DisposeAsync();
        _images.Dispose();
    }
}
