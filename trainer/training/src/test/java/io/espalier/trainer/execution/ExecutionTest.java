package io.espalier.trainer.execution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.espalier.configs.file.Json;
import org.junit.jupiter.api.Test;

/** Events, summaries and messages between nodes keep the names of earlier versions. */
final class ExecutionTest {
  @Test
  void names_thatAreStored_areThoseOfEarlierVersions() throws JsonProcessingException {
    assertThat(Execution.ENGINE.stored()).isEqualTo("engine");
    assertThat(Execution.JAVA.stored()).isEqualTo("sparse");
    assertThat(Json.LENIENT.writeValueAsString(Execution.JAVA)).isEqualTo("\"SPARSE\"");
    assertThat(Json.LENIENT.readValue("\"SPARSE\"", Execution.class)).isEqualTo(Execution.JAVA);
  }
}
