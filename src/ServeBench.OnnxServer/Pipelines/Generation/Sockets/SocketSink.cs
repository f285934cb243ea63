using ServeBench.OnnxServer.Pipelines.Generation.Answering;
using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Pipelines.Generation.OpenAi;
using ServeBench.OnnxServer.Protocols;

namespace ServeBench.OnnxServer.Pipelines.Generation.Sockets;

/// <summary>Sends each token as a message of its own.</summary>
internal sealed class SocketSink(SocketMessages messages, GenerationRequest request) : ITokenSink
{
    private readonly Utf8Output _output = new(request.Buffer);

    /// <summary>Where each message ends that has not been sent.</summary>
    private readonly List<int> _ends = [];

    public void Add(GenerationRequest of, int item, in TokenPiece piece)
    {
        _output.Raw("{\"index\":"u8).Number(piece.Index).Raw(",\"id\":"u8).Number(piece.Id).Raw(",\"text\":"u8).Text(piece.Text).Raw("}"u8);
        _ends.Add(request.Buffer.WrittenCount);
    }

    /// <summary>The last message of an answer.</summary>
    public void AddEnd()
    {
        _output.Raw("{\"finish_reason\":"u8).Raw(OpenAiSampling.WordOf(request[0].Finish)).Raw(","u8);
        OpenAiFormat.WriteUsage(_output, request);
        _output.Raw("}"u8);
        _ends.Add(request.Buffer.WrittenCount);
    }

    public async ValueTask FlushAsync()
    {
        var from = 0;
        foreach (var end in _ends)
        {
            await messages.SendAsync(request.Buffer.WrittenMemory[from..end]);
            from = end;
        }
        _ends.Clear();
        request.Buffer.ResetWrittenCount();
    }
}
