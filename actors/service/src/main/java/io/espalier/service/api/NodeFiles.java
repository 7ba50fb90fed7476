package io.espalier.service.api;

import io.espalier.telemetry.kafka.Backlog;
import java.nio.file.Path;

/**
 * The files of a node.
 *
 * @param service directory of the service: journal, tokens, secrets
 * @param runs directory of the runs' directories
 * @param backlog outboxes of the node's Espalier home whose events Kafka lacks
 */
public record NodeFiles(Path service, Path runs, Backlog backlog) {}
