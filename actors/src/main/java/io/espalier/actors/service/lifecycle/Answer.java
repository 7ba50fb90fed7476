package io.espalier.actors.service.lifecycle;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.espalier.actors.service.LifecycleEntry;
import io.espalier.actors.service.RefusedRequestException;
import io.espalier.actors.service.RunStatus;
import io.espalier.actors.service.ServiceMessage;
import java.util.List;

/** What an entity answers. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "answer")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Answer.Stands.class, name = "stands"),
  @JsonSubTypes.Type(value = Answer.Happened.class, name = "happened"),
  @JsonSubTypes.Type(value = Answer.Refused.class, name = "refused")
})
public sealed interface Answer extends ServiceMessage {
  /** How the run stands now. */
  record Stands(RunStatus status) implements Answer {}

  /** What happened to it. */
  record Happened(List<LifecycleEntry> entries) implements Answer {
    public Happened {
      entries = List.copyOf(entries);
    }
  }

  /** What was asked cannot be done. */
  record Refused(RefusedRequestException.Reason reason, String message) implements Answer {
    public static Refused of(RefusedRequestException e) {
      return new Refused(e.reason(), String.valueOf(e.getMessage()));
    }

    public RefusedRequestException exception() {
      return new RefusedRequestException(reason, message);
    }
  }
}
