package io.espalier.service.run;

import akka.actor.typed.RecipientRef;
import io.espalier.service.notice.NoticeParts;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Dependencies and limits of a scheduler.
 *
 * @param writer incarnation of the node; never reused
 * @param cleaner deletes the files and the rows of a run
 * @param mostWaiting runs that may be queued or paused
 */
public record SchedulerSettings(
    String writer,
    Function<String, RecipientRef<RunEntity.Command>> entities,
    Function<String, CompletionStage<Void>> cleaner,
    Retention retention,
    int mostWaiting,
    NodeMeters meters,
    NoticeParts notices,
    Clock clock) {}
