using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Connections;
using ServeBench.OnnxServer.Metrics;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Telemetry;

namespace ServeBench.OnnxServer.Serving;

/// <summary>
/// One way of asking for inference over HTTP. What all have in common is here: admission, limits, deadlines, queueing,
/// cancellation; others add how answers are sent, and a protocol how requests are read and how answers and errors look.
/// </summary>
/// <typeparam name="T">What a request asks.</typeparam>
/// <typeparam name="TRequest">The pipeline's requests.</typeparam>
internal abstract class RequestEndpoint<TRequest, T>(InferenceServices services, RequestPool<TRequest> pool)
    where TRequest : ScheduledRequest, new()
    where T : struct, IAsked<TRequest>
{
    /// <summary>The protocol's name in metrics.</summary>
    protected abstract string Protocol { get; }

    protected InferenceServices Services => services;

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var received = services.Time.GetTimestamp();
        if (services.Gate.IsDraining) context.Response.Headers.Connection = "close";
        if (!services.Gate.TryEnter())
        {
            await EndAsync(context, null, (ApiError.Stopping, ModelOf(context)), received);
            return;
        }
        var request = pool.Get();
        request.ReceivedAt = received;
        try
        {
            await EndAsync(context, request, await AnswerAsync(context, request), received);
        }
        catch (Exception e) when (IsDeparture(e, context))
        {
            // The client went away while it was being read from or written to.
            Note(context, request, null, RequestOutcome.Cancelled, received);
        }
        catch
        {
            // The web server informs the client and writes the log; here it is only counted, so that no request is missing.
            Note(context, request, null, RequestOutcome.Failed, received);
            throw;
        }
        finally
        {
            // Whatever was queued has come back by now, so the object can serve another request.
            pool.Return(request);
            services.Gate.Leave();
        }
    }

    /// <summary>Reads a body.</summary>
    /// <param name="into">Receives the items.</param>
    /// <param name="error">What is wrong with the request; null when it can be answered.</param>
    /// <returns>What is asked; where the queue of the asked model is full, that model at least.</returns>
    protected abstract T Parse(HttpContext context, ReadOnlySpan<byte> body, TRequest into, out ApiError? error);

    /// <summary>Writes an error as the whole response.</summary>
    protected abstract Task WriteErrorAsync(HttpContext context, ApiError error);

    /// <summary>The model that will be asked, as far as it can be determined before the body is read; null when it cannot.</summary>
    protected virtual ServedModel? ModelOf(HttpContext context) => services.Models.Only;

    /// <summary>The time that a client gives its request; null where it gives none.</summary>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    protected virtual ApiError? ReadTimeout(HttpRequest request, out TimeSpan? timeout) => RequestTimeout.Read(request, out timeout);

    /// <summary>Answers one of several messages of an exchange.</summary>
    /// <param name="context">The exchange.</param>
    /// <param name="part">The message.</param>
    /// <param name="latest">When the exchange expires.</param>
    /// <param name="read">Reads it, as <see cref="Parse"/> does a body.</param>
    /// <param name="infer">Has it executed and answers it, as <see cref="InferAsync"/> does.</param>
    /// <param name="gone">Cancelled when nobody waits for answers any more.</param>
    /// <returns>Why there is no answer; null when there is, or nobody to answer.</returns>
    protected async Task<ApiError?> AnswerPartAsync(
        HttpContext context,
        ReadOnlyMemory<byte> part,
        long latest,
        PartReader read,
        Func<TRequest, T, ValueTask<ApiError?>> infer,
        CancellationToken gone)
    {
        var received = services.Time.GetTimestamp();
        if (!services.Gate.TryEnter()) return ApiError.Stopping;
        var request = pool.Get();
        ServedModel? model = null;
        var outcome = RequestOutcome.Failed;
        try
        {
            request.ReceivedAt = received;
            var error = RequestTimeout.Read(context.Request, out var timeout);
            request.ExpiresAt = Math.Min(latest, ExpiryOf(received, timeout));
            var asked = error is null ? read(part.Span, request, out error) : default;
            request.QueuedAt = services.Time.GetTimestamp();
            model = asked.Model;
            error ??= await infer(request, asked);
            outcome = Outcome(error, gone.IsCancellationRequested);
            return error;
        }
        finally
        {
            Note(context, request, model, outcome, received);
            pool.Return(request);
            services.Gate.Leave();
        }
    }

    /// <inheritdoc cref="Parse"/>
    protected delegate T PartReader(ReadOnlySpan<byte> part, TRequest into, out ApiError? error);

    /// <returns>
    /// Why there was no answer, null when there was one, or nobody to answer; and the model that was asked, null when that was
    /// not understood.
    /// </returns>
    private async ValueTask<(ApiError? Error, ServedModel? Model)> AnswerAsync(HttpContext context, TRequest request)
    {
        // A request that there is no room for is refused before any work is done for it.
        var model = ModelOf(context);
        if (model?.Queue.IsFull == true) return (ApiError.Overloaded, model);
        if (ContentCoding.Refuse(context) is { } coded) return (coded, model);
        if (ReadTimeout(context.Request, out var timeout) is { } wrong) return (wrong, model);
        request.ExpiresAt = ExpiryOf(request.ReceivedAt, timeout);
        var (asked, error) = await ReadAsync(context, request);
        return (error ?? await InferAsync(context, request, asked), asked.Model);
    }

    private long ExpiryOf(long received, TimeSpan? timeout) =>
        received + (long)((timeout ?? services.Options.Timeout).TotalSeconds * services.Time.TimestampFrequency);

    private async ValueTask<(T Asked, ApiError? Error)> ReadAsync(HttpContext context, TRequest into)
    {
        var reader = context.Request.BodyReader;
        ReadOnlySequence<byte> body;
        try
        {
            body = await RequestBody.ReadAllAsync(context);
        }
        catch (BadHttpRequestException e)
        {
            return (default, RequestBody.Explain(e));
        }
        var asked = Read(context, body, into, out var error);
        reader.AdvanceTo(body.End);
        into.QueuedAt = services.Time.GetTimestamp();
        services.Metrics.InputRead.Observe(services.Time.GetElapsedTime(into.ReceivedAt, into.QueuedAt).TotalSeconds);
        return (asked, error);
    }

    private T Read(HttpContext context, in ReadOnlySequence<byte> body, TRequest into, out ApiError? error)
    {
        if (!ContentCoding.IsCoded(context.Request)) return ReadPlain(context, body, into, out error);
        using var decoded = ContentCoding.Decode(context.Request, body, services.Options.MaxBody, out error);
        return error is null ? ParseJson(context, decoded.Bytes, into, out error) : default;
    }

    private T ReadPlain(HttpContext context, in ReadOnlySequence<byte> body, TRequest into, out ApiError? error)
    {
        if (body.IsSingleSegment) return ParseJson(context, body.FirstSpan, into, out error);
        var length = (int)body.Length;
        var whole = ArrayPool<byte>.Shared.Rent(length);
        body.CopyTo(whole);
        var asked = ParseJson(context, whole.AsSpan(0, length), into, out error);
        ArrayPool<byte>.Shared.Return(whole);
        return asked;
    }

    /// <summary>Some clients begin a body with a byte order mark. JSON has none (RFC 8259, 8.1); a reader may pass over it.</summary>
    private T ParseJson(HttpContext context, ReadOnlySpan<byte> body, TRequest into, out ApiError? error) =>
        Parse(context, body.StartsWith(Encoding.UTF8.Preamble) ? body[Encoding.UTF8.Preamble.Length..] : body, into, out error);

    /// <summary>Has a request executed, and answers it.</summary>
    /// <returns>Why there is no answer, or no whole one; null when there is, or nobody to answer.</returns>
    protected abstract ValueTask<ApiError?> InferAsync(HttpContext context, TRequest request, T asked);

    /// <returns>Why there is no result, and whether there is one; neither when the client is gone: nobody reads an answer.</returns>
    protected async ValueTask<(ApiError? Error, bool IsDone)> ExecuteAsync(HttpContext context, TRequest request, T asked)
    {
        if (!asked.TryQueue(request)) return (ApiError.Overloaded, false);
        InferenceOutcome outcome;
        using (WithdrawAtDeparture(context, request)) outcome = await request.Completion;
        return Executed(request, outcome);
    }

    /// <summary>Takes a request back where its client leaves.</summary>
    protected static CancellationTokenRegistration WithdrawAtDeparture(HttpContext context, TRequest request) =>
        context.RequestAborted.UnsafeRegister(static state => ((TRequest)state!).Withdraw(), request);

    /// <summary>Counts a request that has come back, and says what becomes of it, as <see cref="ExecuteAsync"/> does.</summary>
    protected (ApiError? Error, bool IsDone) Executed(TRequest request, InferenceOutcome outcome)
    {
        if (request.StartedAt > 0)
            services.Metrics.Queued.Observe(services.Time.GetElapsedTime(request.QueuedAt, request.StartedAt).TotalSeconds);
        switch (outcome)
        {
            case InferenceOutcome.Done:
                services.Metrics.Executed.Observe(services.Time.GetElapsedTime(request.StartedAt, request.EndedAt).TotalSeconds);
                return (null, true);
            case InferenceOutcome.Expired:
                return (ApiError.Expired, false);
            case InferenceOutcome.Failed:
                return (ApiError.Failed, false);
            default:
                return (null, false);
        }
    }

    private async ValueTask EndAsync(HttpContext context, TRequest? request, (ApiError? Error, ServedModel? Model) end, long received)
    {
        var error = end.Error;
        var isGone = context.RequestAborted.IsCancellationRequested;
        if (error is not null && !isGone && !context.Response.HasStarted)
        {
            if (error.Kind is ErrorKind.Overloaded or ErrorKind.Stopping) context.Response.Headers.RetryAfter = RetryAfter(end.Model);
            await WriteErrorAsync(context, error);
        }
        Note(context, request, end.Model, Outcome(error, isGone), received);
    }

    /// <summary>A connection may be reset before the web server says so of the request.</summary>
    private static bool IsDeparture(Exception e, HttpContext context) =>
        e is ConnectionAbortedException or ConnectionResetException
            || (e is OperationCanceledException && context.RequestAborted.IsCancellationRequested);

    private static RequestOutcome Outcome(ApiError? error, bool isAborted) => error?.Kind switch
    {
        null => isAborted ? RequestOutcome.Cancelled : RequestOutcome.Success,
        ErrorKind.Overloaded => RequestOutcome.Overloaded,
        ErrorKind.Expired => RequestOutcome.Expired,
        ErrorKind.Stopping => RequestOutcome.Stopping,
        ErrorKind.Failed => RequestOutcome.Failed,
        _ => RequestOutcome.Invalid,
    };

    /// <param name="model">The model that was asked; null where nobody knows, or is left to tell.</param>
    private void Note(HttpContext context, TRequest? request, ServedModel? model, RequestOutcome outcome, long received)
    {
        services.Metrics.Answered(Protocol, outcome, received);
        model?.Metrics.Statistics.Answered(request?.Times, outcome, received, services.Time);
        Tracing.Record(context, request, received, outcome, services.Time);
    }

    /// <summary>Whole seconds until what waits now will have been executed, at least one.</summary>
    private static string RetryAfter(ServedModel? model)
    {
        var wait = model?.Queue.ExpectedWait ?? TimeSpan.Zero;
        return $"{Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds))}";
    }
}
