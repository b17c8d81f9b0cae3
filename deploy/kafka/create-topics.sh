#!/usr/bin/env bash
# Made from the catalog: sori topics export --format kafka-topics. Do not edit.
set -euo pipefail

: "${BOOTSTRAP_SERVER:=kafka-1:9092}"
# kafka-topics.sh where Kafka comes from Apache.
: "${KAFKA_TOPICS:=kafka-topics}"

"$KAFKA_TOPICS" --create --if-not-exists --bootstrap-server "$BOOTSTRAP_SERVER" \
  --topic user.events \
  --partitions 3 \
  --replication-factor 3 \
  --config cleanup.policy=delete \
  --config compression.type=producer \
  --config max.message.bytes=1048588 \
  --config min.insync.replicas=2 \
  --config retention.bytes=-1 \
  --config retention.ms=604800000
"$KAFKA_TOPICS" --create --if-not-exists --bootstrap-server "$BOOTSTRAP_SERVER" \
  --topic user.online_status \
  --partitions 6 \
  --replication-factor 3 \
  --config cleanup.policy=delete \
  --config compression.type=lz4 \
  --config max.message.bytes=1048588 \
  --config min.insync.replicas=2 \
  --config retention.bytes=-1 \
  --config retention.ms=3600000 \
  --config segment.ms=600000
"$KAFKA_TOPICS" --create --if-not-exists --bootstrap-server "$BOOTSTRAP_SERVER" \
  --topic friend.events \
  --partitions 3 \
  --replication-factor 3 \
  --config cleanup.policy=delete \
  --config compression.type=producer \
  --config max.message.bytes=1048588 \
  --config min.insync.replicas=2 \
  --config retention.bytes=-1 \
  --config retention.ms=604800000
"$KAFKA_TOPICS" --create --if-not-exists --bootstrap-server "$BOOTSTRAP_SERVER" \
  --topic chat.events \
  --partitions 3 \
  --replication-factor 3 \
  --config cleanup.policy=delete \
  --config compression.type=producer \
  --config max.message.bytes=1048588 \
  --config min.insync.replicas=2 \
  --config retention.bytes=-1 \
  --config retention.ms=604800000
"$KAFKA_TOPICS" --create --if-not-exists --bootstrap-server "$BOOTSTRAP_SERVER" \
  --topic message.events \
  --partitions 10 \
  --replication-factor 3 \
  --config cleanup.policy=delete \
  --config compression.type=snappy \
  --config max.message.bytes=1048588 \
  --config min.insync.replicas=2 \
  --config retention.bytes=10737418240 \
  --config retention.ms=604800000 \
  --config segment.bytes=1073741824
"$KAFKA_TOPICS" --create --if-not-exists --bootstrap-server "$BOOTSTRAP_SERVER" \
  --topic notification.events \
  --partitions 3 \
  --replication-factor 3 \
  --config cleanup.policy=delete \
  --config compression.type=snappy \
  --config max.message.bytes=1048588 \
  --config min.insync.replicas=2 \
  --config retention.bytes=-1 \
  --config retention.ms=604800000
"$KAFKA_TOPICS" --create --if-not-exists --bootstrap-server "$BOOTSTRAP_SERVER" \
  --topic user.events.dlq \
  --partitions 1 \
  --replication-factor 3 \
  --config cleanup.policy=delete \
  --config compression.type=producer \
  --config max.message.bytes=1114124 \
  --config min.insync.replicas=2 \
  --config retention.bytes=-1 \
  --config retention.ms=2592000000
"$KAFKA_TOPICS" --create --if-not-exists --bootstrap-server "$BOOTSTRAP_SERVER" \
  --topic user.online_status.dlq \
  --partitions 1 \
  --replication-factor 3 \
  --config cleanup.policy=delete \
  --config compression.type=producer \
  --config max.message.bytes=1114124 \
  --config min.insync.replicas=2 \
  --config retention.bytes=-1 \
  --config retention.ms=2592000000
"$KAFKA_TOPICS" --create --if-not-exists --bootstrap-server "$BOOTSTRAP_SERVER" \
  --topic friend.events.dlq \
  --partitions 1 \
  --replication-factor 3 \
  --config cleanup.policy=delete \
  --config compression.type=producer \
  --config max.message.bytes=1114124 \
  --config min.insync.replicas=2 \
  --config retention.bytes=-1 \
  --config retention.ms=2592000000
"$KAFKA_TOPICS" --create --if-not-exists --bootstrap-server "$BOOTSTRAP_SERVER" \
  --topic chat.events.dlq \
  --partitions 1 \
  --replication-factor 3 \
  --config cleanup.policy=delete \
  --config compression.type=producer \
  --config max.message.bytes=1114124 \
  --config min.insync.replicas=2 \
  --config retention.bytes=-1 \
  --config retention.ms=2592000000
"$KAFKA_TOPICS" --create --if-not-exists --bootstrap-server "$BOOTSTRAP_SERVER" \
  --topic message.events.dlq \
  --partitions 1 \
  --replication-factor 3 \
  --config cleanup.policy=delete \
  --config compression.type=producer \
  --config max.message.bytes=1114124 \
  --config min.insync.replicas=2 \
  --config retention.bytes=-1 \
  --config retention.ms=2592000000
"$KAFKA_TOPICS" --create --if-not-exists --bootstrap-server "$BOOTSTRAP_SERVER" \
  --topic notification.events.dlq \
  --partitions 1 \
  --replication-factor 3 \
  --config cleanup.policy=delete \
  --config compression.type=producer \
  --config max.message.bytes=1114124 \
  --config min.insync.replicas=2 \
  --config retention.bytes=-1 \
  --config retention.ms=2592000000
