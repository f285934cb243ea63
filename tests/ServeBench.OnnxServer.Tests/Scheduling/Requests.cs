using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Scheduling;

namespace ServeBench.OnnxServer.Tests.Scheduling;

/// <summary>Makes requests of given lengths.</summary>
internal static class Requests
{
    /// <summary>One request, whose texts hold a token over and over.</summary>
    public static EmbeddingRequest Of(long token, params int[] lengths)
    {
        var request = new EmbeddingRequest();
        foreach (var length in lengths)
        {
            request.Room(length).Fill(token);
            request.AddText(length);
        }
        return request;
    }

    /// <summary>Texts of given lengths, each in a request of its own.</summary>
    public static QueuedItem[] Waiting(params int[] lengths) => [.. lengths.Select(l => new QueuedItem(Of(1, l), 0, l))];
}
