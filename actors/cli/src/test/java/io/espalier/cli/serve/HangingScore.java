package io.espalier.cli.serve;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.CustomKeys;
import io.espalier.masks.score.Score;
import io.espalier.masks.score.ScoreProvider;

/** A user's score that never returns, on the thread that decides over the run. */
public final class HangingScore implements ScoreProvider {
  @Override
  public String name() {
    return "hanging";
  }

  @Override
  public CustomKeys keys() {
    return CustomKeys.NONE;
  }

  @Override
  public void check(MemberSettings settings) {}

  @Override
  public Score create(MemberSettings settings, long seed) {
    return (parameter, index, weights, scores) -> {
      while (true) {
        pause();
      }
    };
  }

  private static void pause() {
    try {
      Thread.sleep(1_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
