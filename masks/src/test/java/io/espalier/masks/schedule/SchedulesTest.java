package io.espalier.masks.schedule;

import static io.espalier.masks.Recipes.gradual;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.Span;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SchedulesTest {
  static List<MemberSettings> builtIn() {
    return List.of(
        MemberSettings.of("constant"),
        MemberSettings.of("one-shot").with("begin", new Span.Steps(2000)),
        gradual("cubic", 2000, 10_000, 8, 0),
        gradual("polynomial", 2000, 10_000, 8, 0).with("power", 1.0),
        gradual("cosine", 2000, 10_000, 8, 0),
        gradual("geometric", 2000, 10_000, 8, 0),
        gradual("exponential", 2000, 10_000, 8, 0).with("steepness", 2.8));
  }

  @Test
  void builtIn_ofEveryName_reachTheFinalSparsity() {
    assertThat(builtIn().stream().map(MemberSettings::name).toList())
        .isEqualTo(new Schedules().list().stream().map(ScheduleProvider::name).toList());
    builtIn().forEach(config -> assertThat(of(config).sparsityAt(12_000)).isEqualTo(.9));
  }

  @Test
  void custom_thatNobodyRegistered_isRefusedByName() {
    assertThatThrownBy(() -> of(new MemberSettings("wavy", Map.of())))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "prune.schedule: must name one schedule on the class path: kind=wavy, found=[]");
  }

  @Test
  void cubic_fromZero_followsTheWorkedNumbers() {
    Schedule schedule = of(gradual("cubic", 2000, 10_000, 8, 0));

    double[] worked = {0, .29707, .520312, .680273, .7875, .852539, .885938, .898242, .9};
    for (int i = 0; i < worked.length; i++) {
      assertThat(schedule.sparsityAt(2000 + 1000L * i)).isCloseTo(worked[i], within(1e-6));
    }
    assertThat(schedule.updateSteps().toArray())
        .containsExactly(3000, 4000, 5000, 6000, 7000, 8000, 9000, 10_000);
    assertThat(schedule.sparsityAt(1999)).isZero();
    assertThat(schedule.sparsityAt(10_000)).isEqualTo(.9);
  }

  @Test
  void cubic_fromHalf_addsAnUpdateAtBegin() {
    Schedule schedule = Schedules.of(gradual("cubic", 0, 400, 4, .5), .8, 1000, 100);

    assertQuarters(schedule, 100, .5, .6734375, .7625, .7953125, .8);
    assertThat(schedule.updateSteps().toArray()).containsExactly(0, 100, 200, 300, 400);
    assertThat(schedule.begin()).isZero();
    assertThat(schedule.end()).isEqualTo(400);
  }

  @Test
  void cubic_thatContinues_updatesAtTheFinalSparsityUntilTheFreeze() {
    Schedule schedule = of(continued(gradual("cubic", 2000, 4000, 2, 0), 300, 5000));

    assertThat(schedule.updateSteps().toArray())
        .containsExactly(3000, 4000, 4300, 4600, 4900, 5000);
    assertThat(schedule.sparsityAt(4000)).isEqualTo(.9);
    assertThat(schedule.sparsityAt(4999)).isEqualTo(.9);
    assertThat(schedule.end()).isEqualTo(4000);
  }

  @Test
  void freeze_atTheEnd_addsNoUpdate() {
    Schedule schedule = of(continued(gradual("cubic", 2000, 4000, 2, 0), 300, 4000));

    assertThat(schedule.updateSteps().toArray()).containsExactly(3000, 4000);
  }

  @Property(tries = 200)
  void continued_ofAnyWindow_addsUpdatesOfOneSparsityAndEndsWithTheFreeze(
      @ForAll @IntRange(max = 300) int begin,
      @ForAll @IntRange(max = 300) int length,
      @ForAll @IntRange(min = 1, max = 40) int updates,
      @ForAll @IntRange(min = 1, max = 80) int every,
      @ForAll @IntRange(max = 400) int more,
      @ForAll boolean starts) {
    long end = (long) begin + length;
    MemberSettings plain = gradual("cosine", begin, end, updates, starts ? .3 : 0);

    Schedule schedule = Schedules.of(continued(plain, every, end + more), .9, 1000, 100);

    long[] before = Schedules.of(plain, .9, 1000, 100).updateSteps().toArray();
    long[] steps = schedule.updateSteps().toArray();
    assertThat(Arrays.copyOf(steps, before.length)).isEqualTo(before);
    assertThat(steps[steps.length - 1]).isEqualTo(end + more);
    for (int i = before.length; i < steps.length; i++) {
      boolean isLast = i == steps.length - 1;
      assertThat(steps[i] - steps[i - 1]).isBetween(isLast ? 1L : every, (long) every);
      assertThat(schedule.sparsityAt(steps[i])).isEqualTo(.9);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "16 | 1001 | prune.schedule.freeze: must be within the run: freeze=1001 (step 1001), steps"
            + " of the run=1000",
        "16 | 399 | prune.schedule.freeze: must not come before end: freeze=399 (step 399),"
            + " end=400 (step 400)",
      })
  void freeze_outsideOfTheTimeAfterEnd_isRefused(long every, long freeze, String message) {
    MemberSettings settings = continued(gradual("cubic", 0, 400, 4, 0), every, freeze);

    assertThatThrownBy(() -> Schedules.of(settings, .8, 1000, 100))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(message);
  }

  @Test
  void continue_ofLessThanAStep_isRefused() {
    MemberSettings settings =
        continued(gradual("cubic", 0, 400, 4, 0), 1, 500)
            .with("continue", Optional.of(new Span.Percent(.05)));

    assertThatThrownBy(() -> Schedules.of(settings, .8, 1000, 100))
        .hasMessage("prune.schedule.continue: must be 1 step or more: continue=0.05%, steps=0");
  }

  private static MemberSettings continued(MemberSettings gradual, long every, long freeze) {
    return gradual
        .with("continue", Optional.of(new Span.Steps(every)))
        .with("freeze", Optional.of(new Span.Steps(freeze)));
  }

  @Test
  void curves_fromZeroToNineTenths_followTheWorkedNumbers() {

    assertQuarters(
        of(gradual("polynomial", 0, 400, 4, 0).with("power", 1.0)), 100, 0, .225, .45, .675, .9);
    assertQuarters(
        of(gradual("polynomial", 0, 400, 4, 0).with("power", 2.0)),
        100,
        0,
        .39375,
        .675,
        .84375,
        .9);
    assertQuarters(of(gradual("cubic", 0, 400, 4, 0)), 100, 0, .5203125, .7875, .8859375, .9);
    assertQuarters(of(gradual("cosine", 0, 400, 4, 0)), 100, 0, .1318019, .45, .7681981, .9);
    assertQuarters(
        of(gradual("geometric", 0, 400, 4, 0)), 100, 0, .4376587, .6837722, .8221721, .9);
  }

  /**
   * Steps are epochs. The paper drops both ends of R + 2 points, so its ramp of R epochs from epoch
   * W on is a window from W − 1 to W + R with R + 1 updates.
   */
  @ParameterizedTest
  @CsvSource({
    "8, 2, 3, .5, 1:0, 2:.134525, 3:.26249, 4:.384213, 5:.5, 7:.5",
    "90, 10, 55, .7, 9:0, 10:.03635, 11:.070927, 37:.561529, 64:.697676, 65:.7",
  })
  void exponential_rampOfThePaper_followsTheWorkedNumbers(ArgumentsAccessor of) {
    int epochs = of.getInteger(0);
    int warmUp = of.getInteger(1);
    int ramp = of.getInteger(2);
    double last = of.getDouble(3);
    MemberSettings settings =
        gradual("exponential", warmUp - 1, warmUp + ramp, ramp + 1, 0)
            .with("steepness", .05 * (ramp + 1));

    Schedule schedule = Schedules.of(settings, last, epochs, 1);

    for (int i = 4; i < of.size(); i++) {
      String[] point = of.getString(i).split(":", 2);
      assertThat(schedule.sparsityAt(Long.parseLong(point[0])))
          .isCloseTo(Double.parseDouble(point[1]), within(1e-6));
    }
    assertThat(schedule.updateSteps().toArray())
        .isEqualTo(LongStream.rangeClosed(warmUp, warmUp + ramp).toArray());
  }

  /** The paper's other shape, with the same dropped ends. */
  @Test
  void geometric_rampOfThePaper_followsTheWorkedNumbers() {
    Schedule schedule = Schedules.of(gradual("geometric", 1, 5, 4, 0), .5, 8, 1);

    assertThat(LongStream.range(0, 8).mapToDouble(schedule::sparsityAt).toArray())
        .containsExactly(new double[] {0, 0, .159104, .292893, .405396, .5, .5, .5}, within(1e-6));
  }

  @Test
  void geometric_overHundredRounds_keepsTheWorkedShares() {
    Schedule schedule = Schedules.of(gradual("geometric", 0, 100, 100, 0), .99, 100, 10);

    assertThat(1 - schedule.sparsityAt(1)).isCloseTo(.954993, within(1e-6));
    assertThat(1 - schedule.sparsityAt(10)).isCloseTo(.630957, within(1e-6));
    assertThat(1 - schedule.sparsityAt(50)).isCloseTo(.1, within(1e-9));
    assertThat(schedule.sparsityAt(100)).isEqualTo(.99);
    assertThatThrownBy(() -> Schedules.of(gradual("geometric", 0, 100, 100, 0), 1, 100, 10))
        .hasMessageContaining("prune.schedule.kind");
  }

  @ParameterizedTest
  @MethodSource("builtIn")
  void sparsity_ofEverySchedule_neverFalls(MemberSettings config) {
    Schedule schedule = of(config);

    double[] course = IntStream.rangeClosed(0, 12_000).mapToDouble(schedule::sparsityAt).toArray();

    assertThat(course).isSorted().endsWith(.9);
    assertThat(schedule.updateSteps().boxed().toList())
        .isSorted()
        .doesNotHaveDuplicates()
        .last()
        .isEqualTo(schedule.end());
  }

  @Test
  void oneShotAndConstant_haveOneUpdate() {
    assertThat(
            of(MemberSettings.of("one-shot").with("begin", new Span.Percent(10)))
                .updateSteps()
                .toArray())
        .containsExactly(1200);
    assertThat(of(MemberSettings.of("constant")).updateSteps().toArray()).containsExactly(0);
  }

  @Test
  void window_thatDividesUnevenly_endsWithAnUpdate() {
    Schedule schedule = of(gradual("cubic", 10, 20, 3, 0));

    assertThat(schedule.updateSteps().toArray()).containsExactly(13, 16, 20);
  }

  @Test
  void window_shorterThanItsUpdates_hasOnePerStep() {
    assertThat(of(gradual("cubic", 5, 8, Integer.MAX_VALUE, 0)).updateSteps().toArray())
        .containsExactly(6, 7, 8);
    assertThat(of(gradual("cubic", 5, 5, 9, .2)).updateSteps().toArray()).containsExactly(5);
  }

  @Test
  void window_outsideTheRunOrItsSparsities_isRefusedWithAllReasons() {
    assertThatThrownBy(() -> of(gradual("cubic", 13_000, 12_500, 5, .95)))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("prune.schedule.begin: must be within the run")
        .hasMessageContaining("prune.schedule.end: must be within the run")
        .hasMessageContaining("prune.schedule.begin: must not come after end")
        .hasMessageContaining("prune.schedule.initial: must be at most the final sparsity");
    assertThatThrownBy(
            () -> of(MemberSettings.of("one-shot").with("begin", new Span.Steps(12_001))))
        .hasMessageContaining("begin=12001");
  }

  private static Schedule of(MemberSettings config) {
    return Schedules.of(config, .9, 12_000, 1000);
  }

  private static void assertQuarters(Schedule schedule, long quarter, double... worked) {
    for (int i = 0; i < worked.length; i++) {
      assertThat(schedule.sparsityAt(quarter * i)).isCloseTo(worked[i], within(5e-8));
    }
  }
}
