package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.telemetry.event.HostEvent.ResourcesMeasured;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResourceMeterTest {
  @TempDir private Path directory;

  @Test
  void measure_tellsWhatItIsGivenAndWhatTheMachineSays() {
    ResourceMeter meter = new ResourceMeter(directory, Duration.ofMillis(2_500));

    ResourcesMeasured measured = meter.measure(3, 4, 5);

    assertThat(measured.backPressure()).isEqualTo(3);
    assertThat(measured.mailboxDepth()).isEqualTo(4);
    assertThat(measured.unshippedBytes()).isEqualTo(5);
    assertThat(measured.intervalSeconds()).isEqualTo(2.5);
    assertThat(measured.diskFreeBytes().orElseThrow()).isPositive();
    assertThat(measured.residentBytes()).isPositive();
    assertThat(measured.nativeBytes()).isBetween(0L, measured.residentBytes());
    assertThat(ResourceMeter.peakResidentBytes()).isGreaterThanOrEqualTo(measured.residentBytes());
  }

  @Test
  void measure_directoryIsGone_doesNotKnowWhatIsFree() {
    ResourceMeter meter = new ResourceMeter(directory.resolve("gone"), Duration.ofSeconds(5));

    assertThat(meter.measure(0, 0, 0).diskFreeBytes()).isEmpty();
  }
}
