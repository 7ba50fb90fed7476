package io.espalier.service.client;

/**
 * One event of a run as the service tells it.
 *
 * @param number of the line in {@code events.jsonl}, from 1
 * @param type such as {@code io.espalier.run.started.v1}
 * @param json the line
 */
public record EventLine(long number, String type, String json) {}
