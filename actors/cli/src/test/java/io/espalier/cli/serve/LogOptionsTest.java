package io.espalier.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class LogOptionsTest {
  private final LoggerContext context = new LoggerContext();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private final Logger own = context.getLogger("io.espalier.service.run.RunEntity");

  /** As the console has it. */
  @BeforeEach
  void prepare() {
    context.setMDCAdapter(new LogbackMDCAdapter());
    context.getLogger("io.espalier").setAdditive(false);
  }

  @Test
  void json_isAnObjectOnEachLine_alsoWithAStackTrace() throws IOException {
    LogOptions.apply(context, LogOptions.Format.JSON, LogOptions.Threshold.INFO, errors);

    own.info("changed: run={}, state={}", "pear \"1\"", "running");
    own.error("lost\ntwice", new IllegalStateException("pump is dry"));

    List<String> lines = errors.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(2);
    JsonNode first = new ObjectMapper().readTree(lines.get(0));
    assertThat(first.path("level").asText()).isEqualTo("INFO");
    assertThat(first.path("loggerName").asText()).endsWith("RunEntity");
    assertThat(first.path("formattedMessage").asText())
        .isEqualTo("changed: run=pear \"1\", state=running");
    assertThat(first.path("timestamp").asLong()).isPositive();
    JsonNode second = new ObjectMapper().readTree(lines.get(1));
    assertThat(second.path("formattedMessage").asText()).isEqualTo("lost\ntwice");
    assertThat(second.path("throwable").path("message").asText()).isEqualTo("pump is dry");
  }

  @Test
  void level_holdsBackWhatIsBelow() {
    LogOptions.apply(context, LogOptions.Format.JSON, LogOptions.Threshold.WARN, errors);

    own.info("not shown");
    own.warn("shown");

    assertThat(errors.toString(StandardCharsets.UTF_8)).contains("shown").doesNotContain("not");
  }

  @Test
  void text_keepsTheAppenders_andSetsTheLevel() {
    LogOptions.apply(context, LogOptions.Format.TEXT, LogOptions.Threshold.DEBUG, errors);

    own.debug("below the level");

    assertThat(context.getLogger("io.espalier").getLevel()).isEqualTo(Level.DEBUG);
    assertThat(errors.size()).isZero();
  }
}
