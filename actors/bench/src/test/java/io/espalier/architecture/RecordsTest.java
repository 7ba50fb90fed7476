package io.espalier.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.Map;
import java.util.TreeMap;

/** Records group their components: a long list of arguments hides an exchange of two. */
@AnalyzeClasses(packages = "io.espalier", importOptions = DoNotIncludeTests.class)
final class RecordsTest {
  private static final int MOST = 9;

  /**
   * Records with more components, and how many they have. Events are contracts: their components
   * are the fields of their JSON. The list shrinks: a record that has fewer components now has
   * fewer here, and one with nine or fewer leaves it.
   */
  private static final Map<String, Integer> LARGER =
      Map.ofEntries(
          Map.entry("io.espalier.telemetry.event.FederationEvent$RoundCompleted", 18),
          Map.entry("io.espalier.telemetry.event.HostEvent$ResourcesMeasured", 10),
          Map.entry("io.espalier.telemetry.event.MaskEvent$MaskPicture", 10),
          Map.entry("io.espalier.telemetry.event.MaskEvent$MasksUpdated", 10),
          Map.entry("io.espalier.telemetry.event.RunEvent$Provenance", 15),
          Map.entry("io.espalier.telemetry.event.RunEvent$RunStarted", 10),
          Map.entry("io.espalier.telemetry.event.RunEvent$RunState", 11),
          Map.entry("io.espalier.telemetry.view.RunOverview", 17),
          Map.entry("io.espalier.service.run.RunSpec", 10));

  @ArchTest
  static void records_haveNineComponentsAtMost(JavaClasses classes) {
    Map<String, Integer> larger = new TreeMap<>();
    for (JavaClass each : classes) {
      if (each.isRecord() && components(each) > MOST) {
        larger.put(each.getName(), components(each));
      }
    }

    assertThat(larger)
        .as("group what belongs together into records of their own")
        .containsExactlyInAnyOrderEntriesOf(LARGER);
  }

  private static int components(JavaClass type) {
    return type.reflect().getRecordComponents().length;
  }
}
