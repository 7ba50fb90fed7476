package io.espalier.federation.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.espalier.configs.Rules.BrokenRulesException;
import io.espalier.configs.file.Json;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SimulationPlanTest {
  @Test
  void plan_thatBreaksRules_listsThemAll() {
    List<SimulationPlan.DensityTier> tiers =
        List.of(new SimulationPlan.DensityTier(1, 0.5), new SimulationPlan.DensityTier(0.1, 0.4));

    assertThatThrownBy(
            () ->
                new SimulationPlan(
                    0,
                    new SimulationPlan.Shards(Optional.of(0.0), Optional.of(-1)),
                    new SimulationPlan.Devices(
                        tiers,
                        Optional.of(List.of(new SimulationPlan.WidthTier(0.5, 0.7))),
                        Optional.of(List.of(new SimulationPlan.MemoryTier(1000, 0.7)))),
                    new SimulationPlan.Presence("1", "0", 1)))
        .isInstanceOf(BrokenRulesException.class)
        .hasMessageContaining("clients must be from 1 to 1000000: clients=0")
        .hasMessageContaining("dirichlet must be from 1e-9 to 1e9: dirichlet=0.0")
        .hasMessageContaining("examples must be one for each client at least: examples=-1")
        .hasMessageContaining("density-caps must be shares that add up to 1")
        .hasMessageContaining("widths must be shares that add up to 1")
        .hasMessageContaining("memory-caps must be shares that add up to 1")
        .hasMessageContaining("widths must be left away where memory-caps choose them")
        .hasMessageContaining("drop-out must be at least 0 and below 1: drop-out=1.0");
  }

  /** Directories of earlier versions can be gone on with. */
  @Test
  void plan_writtenBeforeThereWereWidths_hasWholeClients() throws IOException {
    String written =
        """
        {"clients":2,"dirichlet":0.5,"examples":null,"tiers":[{"cap":1.0,"share":1.0}],
         "availability":"1","speeds":"0","dropOut":0.0}
        """;

    SimulationPlan plan =
        JsonMapper.builder()
            .addModule(new Jdk8Module())
            .build()
            .readValue(written, SimulationPlan.class);

    assertThat(plan.devices().widths()).isEmpty();
    assertThat(plan.devices().memoryCaps()).isEmpty();
  }

  @Test
  void plan_written_hasItsFieldsSideBySide() throws IOException {
    SimulationPlan plan =
        new SimulationPlan(
            2,
            new SimulationPlan.Shards(Optional.of(0.5), Optional.empty()),
            new SimulationPlan.Devices(List.of(new SimulationPlan.DensityTier(1, 1))),
            new SimulationPlan.Presence("1", "0", 0.1));

    JsonNode written = Json.LENIENT.valueToTree(plan);

    assertThat(written.fieldNames())
        .toIterable()
        .containsExactly(
            "clients",
            "dirichlet",
            "examples",
            "tiers",
            "widths",
            "memoryCaps",
            "availability",
            "speeds",
            "dropOut",
            "hostile");
    assertThat(Json.LENIENT.treeToValue(written, SimulationPlan.class)).isEqualTo(plan);
  }

  @Test
  void tiers_dealTheClientsByTheirShares() {
    List<SimulationPlan.DensityTier> thirds =
        List.of(
            new SimulationPlan.DensityTier(1, 1 / 3.0),
            new SimulationPlan.DensityTier(0.5, 1 / 3.0),
            new SimulationPlan.DensityTier(0.1, 1 / 3.0));

    List<Double> caps =
        SimulationPlan.dealt(
            thirds, SimulationPlan.DensityTier::cap, SimulationPlan.DensityTier::share, 10);

    assertThat(caps).hasSize(10);
    assertThat(Collections.frequency(caps, 1.0)).isEqualTo(3);
    assertThat(Collections.frequency(caps, 0.5)).isEqualTo(4);
    assertThat(Collections.frequency(caps, 0.1)).isEqualTo(3);
  }
}
