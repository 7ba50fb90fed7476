package io.espalier.masks.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.Span;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.Kinds;
import io.espalier.masks.Networks;
import io.espalier.masks.Recipes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PluginScheduleTest {
  /** Half of the sparsity at one step, all of it at twice that. */
  public static final class Stairs implements ScheduleProvider {
    @Override
    public String name() {
      return "stairs";
    }

    @Override
    public PluginKeys keys() {
      return PluginKeys.NONE.span("first", new Span.Percent(25));
    }

    @Override
    public Schedule create(MemberSettings settings, ScheduleClock clock) {
      long first = clock.stepsOf(settings.span("first"));
      double last = clock.finalSparsity();
      return new Course(
          first, 2 * first, LongStream.of(first, 2 * first).toArray(), first, last / 2, last);
    }
  }

  /** Begin, end, updates, and three sparsities as it is told: at first, from begin, from end. */
  public static final class Drawn implements ScheduleProvider {
    @Override
    public String name() {
      return "drawn";
    }

    @Override
    public Schedule create(MemberSettings settings, ScheduleClock clock) {
      double[] numbers =
          Arrays.stream(settings.text("course").split(" ", -1))
              .mapToDouble(Double::parseDouble)
              .toArray();
      long[] updates =
          Arrays.stream(settings.text("updates").split(" ", -1))
              .filter(text -> !text.isEmpty())
              .mapToLong(Long::parseLong)
              .toArray();
      return new Course(
          (long) numbers[0], (long) numbers[1], updates, (long) numbers[2], numbers[3], numbers[4]);
    }
  }

  private static final class Course implements Schedule {
    private final long begin;
    private final long end;
    private final long[] updates;
    private final long rise;
    private final double middle;
    private final double last;

    Course(long begin, long end, long[] updates, long rise, double middle, double last) {
      this.begin = begin;
      this.end = end;
      this.updates = updates;
      this.rise = rise;
      this.middle = middle;
      this.last = last;
    }

    @Override
    public double sparsityAt(long step) {
      return step >= end ? last : step >= rise ? middle : 0;
    }

    @Override
    public long begin() {
      return begin;
    }

    @Override
    public long end() {
      return end;
    }

    @Override
    public LongStream updateSteps() {
      return LongStream.of(updates);
    }
  }

  @Test
  void provider_inAPlan_decidesItsUpdates() {
    MemberSettings stairs = new MemberSettings("stairs", Map.of("first", new Span.Epochs(1)));

    Plan plan =
        Plan.of(
            Recipes.run(4, 5, Recipes.prune(.5, stairs, Kinds.HARD)), 200, Networks.ofSizes(100));

    assertThat(plan.updates())
        .isEqualTo(List.of(new PlannedUpdate(20, .25, 75, 0), new PlannedUpdate(40, .5, 50, 0)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "50 40 50 .2 .5 | 50 | must begin and end within the run: begin=50, end=40, steps of the"
            + " run=80",
        "20 81 20 .2 .5 | 20 | must begin and end within the run: begin=20, end=81, steps of the"
            + " run=80",
        "20 40 20 .6 .5 | 20 40 | must never let the sparsity fall, nor exceed the final one:"
            + " step=20, sparsity=0.6, before=0.0, final=0.5",
        "20 40 20 .2 .1 | 20 40 | must never let the sparsity fall, nor exceed the final one:"
            + " step=40, sparsity=0.1, before=0.2, final=0.5",
        "20 40 20 NaN .5 | 20 40 | must never let the sparsity fall, nor exceed the final one:"
            + " step=20, sparsity=NaN, before=0.0, final=0.5",
        "20 40 10 .2 .5 | 20 40 | must prune nothing before its begin: step=10, begin=20,"
            + " sparsity=0.2",
        "20 40 20 .2 .4 | 20 40 | must hold the final sparsity from its end on: step=40, end=40,"
            + " sparsity=0.4, final=0.5",
        "20 40 20 .2 .5 | '' | must have an update: updates=0",
        "20 40 20 .2 .5 | 20 20 40 | must have updates that ascend, none after the end: step=20,"
            + " before=20, steps of the run=80",
        "20 40 20 .2 .5 | 20 90 | must have updates that ascend, none after the end: step=90,"
            + " before=20, steps of the run=80",
        "20 40 20 .2 .5 | 20 | must reach the final sparsity at its last update: step=20,"
            + " sparsity=0.2, final=0.5",
        "20 | 20 | failed to be created: java.lang.ArrayIndexOutOfBoundsException: Index 1 out of"
            + " bounds for length 1",
      })
  void schedule_thatBreaksARule_isRefusedWithTheClass(
      String course, String updates, String message) {
    MemberSettings drawn =
        new MemberSettings("drawn", Map.of("course", course, "updates", updates));

    assertThatThrownBy(() -> Schedules.of(drawn, .5, 80, 20))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "prune.schedule: schedule 'drawn' (class %s) %s", Drawn.class.getName(), message);
  }
}
