using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Scheduling;

namespace ServeBench.OnnxServer.Pipelines.Generation.Answering;

/// <summary>Brings the tokens of a request to where they are sent.</summary>
internal static class TokenFlow
{
    /// <summary>
    /// Hands out whatever is new as soon as it is, all tokens that came meanwhile together; the last ones are left to be sent with what
    /// ends the answer. Where sending fails, the request is withdrawn.
    /// </summary>
    /// <param name="request">The request, queued.</param>
    /// <param name="sink">Where its tokens go.</param>
    /// <returns>How it ended. It is nobody else's then.</returns>
    public static async ValueTask<InferenceOutcome> FollowAsync(GenerationRequest request, ITokenSink sink)
    {
        try
        {
            while (true)
            {
                await request.News.WaitAsync();
                // Whatever came before the end is among the tokens.
                var isOver = request.IsOver;
                for (var item = 0; item < request.Count; item++)
                {
                    while (request[item].TryRead(out var piece)) sink.Add(request, item, piece);
                }
                if (isOver) return await request.Completion;
                await sink.FlushAsync();
            }
        }
        catch
        {
            request.Withdraw();
            await request.Completion;
            throw;
        }
    }
}
