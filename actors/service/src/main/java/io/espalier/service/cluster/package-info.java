/** Cluster membership: settings, node certificates and the check of the shared directory. */
package io.espalier.service.cluster;
