using ServeBench.Load.Native;

namespace ServeBench.Load.Tests.Native;

public sealed class AnswerKeeperTests
{
    [Fact]
    public void Keeps_the_first_of_each_equal_part_of_the_window()
    {
        var keeper = new AnswerKeeper(4, start: 1000, length: 400);
        for (var at = 0; at < 400; at += 10)
        {
            if (keeper.Choose(1000 + at) is not { } body) continue;
            body.Append(new byte[at / 10]);
            keeper.Keep(payload: at, status: 200, sent: 0, body);
        }
        Assert.Equal([0, 100, 200, 300], keeper.Answers.Select(a => a.Payload));
        Assert.Equal([0, 10, 20, 30], keeper.Answers.Select(a => a.Body.Length));
    }

    [Fact]
    public void One_that_fails_is_made_up_for_by_a_later_one()
    {
        var keeper = new AnswerKeeper(2, start: 0, length: 100);
        Assert.NotNull(keeper.Choose(0));
        Assert.Null(keeper.Choose(1));
        keeper.GiveUp();
        var body = keeper.Choose(2);
        Assert.NotNull(body);
        keeper.Keep(7, 200, 0, body);
        Assert.Equal(7, Assert.Single(keeper.Answers).Payload);
    }

    [Fact]
    public void Keeps_none_when_none_are_wanted() => Assert.Null(new AnswerKeeper(0, 0, 100).Choose(50));
}
