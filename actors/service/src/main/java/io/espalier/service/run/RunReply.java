package io.espalier.service.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.espalier.service.LifecycleEntry;
import io.espalier.service.RefusedRequestException;
import io.espalier.service.RefusedRequestException.Reason;
import io.espalier.service.RunStatus;
import io.espalier.service.ServiceMessage;
import java.util.List;

/** What a run's entity answers. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "answer")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RunReply.Status.class, name = "status"),
  @JsonSubTypes.Type(value = RunReply.History.class, name = "history"),
  @JsonSubTypes.Type(value = RunReply.Recipe.class, name = "recipe"),
  @JsonSubTypes.Type(value = RunReply.Refused.class, name = "refused")
})
public sealed interface RunReply extends ServiceMessage {
  record Status(RunStatus status) implements RunReply {}

  record History(List<LifecycleEntry> entries) implements RunReply {
    public History {
      entries = List.copyOf(entries);
    }
  }

  record Recipe(String text) implements RunReply {}

  record Refused(Reason reason, String message) implements RunReply {
    static Refused noSuchRun(String run) {
      RefusedRequestException refused = RefusedRequestException.noSuchRun(run);
      return new Refused(refused.reason(), String.valueOf(refused.getMessage()));
    }

    /** The node that answers does not own the run any more. */
    static Refused moved(String run) {
      return new Refused(
          Reason.UNAVAILABLE, "a run must be addressed at its node: run=" + run + "; try again");
    }

    public RefusedRequestException exception() {
      return new RefusedRequestException(reason, message);
    }
  }
}
