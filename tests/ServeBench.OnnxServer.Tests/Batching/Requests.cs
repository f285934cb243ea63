using ServeBench.OnnxServer.Batching;

namespace ServeBench.OnnxServer.Tests.Batching;

/// <summary>Makes requests of given lengths.</summary>
internal static class Requests
{
    /// <summary>One request, whose texts hold a token over and over.</summary>
    public static InferenceRequest Of(long token, params int[] lengths)
    {
        var request = new InferenceRequest();
        foreach (var length in lengths)
        {
            request.Room(length).Fill(token);
            request.AddText(length);
        }
        return request;
    }

    /// <summary>Texts of given lengths, each in a request of its own.</summary>
    public static QueuedText[] Waiting(params int[] lengths) => [.. lengths.Select(l => new QueuedText(Of(1, l), 0, l))];
}
