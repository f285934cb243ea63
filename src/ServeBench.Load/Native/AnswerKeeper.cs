using ServeBench.Load.Http;

namespace ServeBench.Load.Native;

/// <summary>Chooses which answers to keep: the first successful one of each of so many equal parts of the window.</summary>
internal sealed class AnswerKeeper(int most, long start, long length)
{
    private readonly List<KeptAnswer> _answers = new(most);
    private int _promised;

    public IReadOnlyList<KeptAnswer> Answers => _answers;

    /// <returns>Where to put the answer of a request that starts now, or null when it is not to be kept.</returns>
    public BodyBuffer? Choose(long intended)
    {
        var taken = _answers.Count + _promised;
        if (taken >= most || intended - start < (double)length * taken / most) return null;
        _promised++;
        return new BodyBuffer();
    }

    public void Keep(int payload, int status, BodyBuffer body)
    {
        _promised--;
        _answers.Add(new KeptAnswer(payload, status, body.ToArray()));
    }

    /// <summary>The request failed: a later one is kept instead.</summary>
    public void GiveUp() => _promised--;
}
