package io.espalier.trainer.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class TeamTest {
  private static final long MANY = 1L << 40;
  private static final int ITEMS = 1_000;

  private final Team team = new Team(3);

  @AfterEach
  void end() {
    team.close();
  }

  @Test
  void parts_makeUpAllItemsOnce() {
    AtomicIntegerArray seen = new AtomicIntegerArray(ITEMS);

    team.run(part -> mark(part.from(ITEMS), part.to(ITEMS), seen), MANY, new Pace());
    team.run(part -> mark(part.runFrom(ITEMS), part.runTo(ITEMS), seen), MANY, new Pace());

    for (int i = 0; i < ITEMS; i++) {
      assertThat(seen.get(i)).isEqualTo(2);
    }
  }

  private static void mark(int from, int to, AtomicIntegerArray seen) {
    for (int i = from; i < to; i++) {
      seen.incrementAndGet(i);
    }
  }

  @Test
  void meeting_shows_whatAllPartsDidBefore() {
    int[] values = new int[3];
    AtomicIntegerArray wrong = new AtomicIntegerArray(1);

    team.run(
        part -> {
          for (int round = 1; round <= 500; round++) {
            values[part.index()] = round;
            part.meet();
            wrong.addAndGet(0, values[(part.index() + 1) % 3] == round ? 0 : 1);
            part.meet();
          }
        },
        MANY,
        new Pace());

    assertThat(wrong.get(0)).isZero();
  }

  @Test
  void smallPass_isOnePart() {
    int[] calls = new int[1];

    team.run(part -> calls[0] += part.isWhole() ? 1 : 2, 1, new Pace());

    assertThat(calls[0]).isEqualTo(1);
  }

  @Test
  void failureOfAPart_endsThePass_andTheNextOneRuns() {
    assertThatThrownBy(() -> team.run(TeamTest::fail, MANY, new Pace())).hasMessage("part 2");

    AtomicIntegerArray seen = new AtomicIntegerArray(ITEMS);
    team.run(part -> mark(part.from(ITEMS), part.to(ITEMS), seen), MANY, new Pace());
    assertThat(seen.get(ITEMS - 1)).isEqualTo(1);
  }

  private static void fail(Part part) {
    if (part.index() == 2) {
      throw new IllegalStateException("part 2");
    }
    part.meet();
  }
}
