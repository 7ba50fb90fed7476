package io.espalier.telemetry.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RunIdTest {
  private static final LocalDateTime TIME = LocalDateTime.of(2026, 12, 1, 11, 22, 33);

  @Test
  void begin_sameNameAndSecond_differsInTheRandomPart() {
    assertThat(IntStream.range(0, 100).mapToObj(each -> RunId.begin("r1", TIME)))
        .doesNotHaveDuplicates()
        .allSatisfy(run -> assertThat(run.value()).matches("r1-20261201-112233-[a-z2-7]{6}"));
  }

  @Test
  void begin_anyText_isAValidId() {
    assertThat(RunId.begin("a b/ü", TIME).value()).startsWith("a-b--20261201-112233-");
    assertThat(RunId.begin("a".repeat(300), TIME).value()).hasSizeLessThan(200);
  }

  @Test
  void isOf_idNameAndBegin_holds() {
    RunId run = RunId.begin("r1", TIME);

    assertThat(run.isOf(run.value())).isTrue();
    assertThat(run.isOf("r1")).isTrue();
    assertThat(run.isOf("r1-20261201-112233")).isTrue();
    assertThat(run.isOf("r")).isFalse();
    assertThat(run.isOf("r1-20261201")).isFalse();
    assertThat(new RunId("digits-20261201-112233-1f").isOf("digits")).isFalse();
  }
}
