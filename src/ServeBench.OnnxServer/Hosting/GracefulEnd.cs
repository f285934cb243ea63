using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Logs;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Hosting;

/// <summary>
/// What happens between SIGTERM and the end of the listening: readiness turns false and answers close their connections while
/// the drain time runs, so that whoever sends requests here can notice; then new requests are refused with 503, and those that
/// were taken are answered. Only then does the web server stop listening, so that no connection breaks under a request.
/// </summary>
internal sealed class GracefulEnd(RequestGate gate, ServerOptions options, ILogger<GracefulEnd> logger) : IHostedLifecycleService
{
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        gate.Drain();
        logger.Draining(gate.Inside);
        await Task.Delay(options.DrainTime, cancellationToken);
        await gate.CloseAsync().WaitAsync(cancellationToken);
        logger.Drained(gate.Taken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
